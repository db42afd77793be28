// Which rule a person may give for a whole session, and above all which not. What Claude Code makes of each form was
// tried with the real CLI; see session-rule.ts.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SessionOffer } from "../../src/domain/inspection.ts";
import { type SessionRuleContext, sessionRule } from "../../src/inspection/session-rule.ts";
import { createShellInspector } from "../../src/inspection/shell-risk.ts";

const HOME = "/home/me";
const OWN = ["/srv/approval/.env", "/srv/approval/data"];
const context: SessionRuleContext = {
  shell: createShellInspector({ ownPaths: OWN, ownPorts: [8000], home: HOME }),
  home: HOME,
  ownPaths: OWN,
  cwd: "/work/shop",
};

function ruleFor(toolName: string, input: Record<string, unknown> = {}): SessionOffer | undefined {
  return sessionRule({ toolName, input }, context);
}

const bash = (command: unknown, more: object = {}) => ruleFor("Bash", { command, ...more });

describe("an allow of a command for the session", () => {
  test.each([
    ...["ls", "ls -la src", "npm test", "npm run build", "npm ci", "git status", "cargo build --release"],
    ...[
      'git commit -m "fix: the thing"',
      "git log --format='%h %s'",
      "make -j4",
      "./gradlew build",
      "tsc -p .",
    ],
    ...["curl https://example.com/a,b?".slice(0, -1), "touch a=b x@y +z", "pip install -r requirements.txt"],
  ])("is offered for exactly this one: %s", (command) => {
    expect(bash(command)).toEqual({
      rule: { toolName: "Bash", ruleContent: command },
      text: "this exact command",
    });
  });

  test.each([
    // What the rule would widen, or never match.
    ...[
      "ls *",
      "npm run build:*",
      'echo "*"',
      "echo '*'",
      "npm run test:unit:*",
      "ls a\\*",
      "ls \\a",
      "ls 'a\\b'",
    ],
    ...[
      "ls a?",
      "ls [ab]",
      "ls ~/x",
      "ls {a,b}",
      "echo 'a(b)'",
      'echo "(x)"',
      "echo 'a#b'",
      "echo '$x'",
      "echo 'a!'",
    ],
    // More than one fixed command.
    ...[
      "ls; ls",
      "ls && ls",
      "ls || ls",
      "ls | cat",
      "ls &",
      "ls > x",
      "ls < x",
      "ls 2>&1",
      "(ls)",
      "! ls",
      "time ls",
    ],
    ...[
      "ls\nls",
      "ls\n",
      "ls $X",
      "ls $(x)",
      "ls `x`",
      "ls <(x)",
      "A=1 ls",
      "ls # c",
      " ls",
      "ls ",
      "ls 'x",
      "",
      "x ()",
    ],
    // Programs that run others.
    ...[
      "bash x.sh",
      "sh x.sh",
      "zsh x",
      "python x.py",
      "python3 x.py",
      "node x.js",
      "perl x",
      "ruby x",
      "php x",
    ],
    ...[
      "eval ls",
      "source x",
      ". x",
      "sudo ls",
      "env ls",
      "env",
      "nohup ls",
      "timeout 5 ls",
      "xargs ls",
      "nice ls",
    ],
    ...[
      "npx vitest",
      "bunx x",
      "uvx x",
      "npm exec x",
      "pnpm dlx x",
      "uv run x",
      "command ls",
      "exec ls",
      "watch ls",
    ],
    ...[
      "ssh host ls",
      "docker exec web ls",
      "docker run x",
      "find . -name x",
      "find . -exec ls",
      "kubectl get pods",
    ],
    // Risks.
    ...[
      "rm -rf x",
      "git push --force",
      "chmod 777 x",
      "kill 1",
      "npm publish",
      "cat /srv/approval/.env",
      "crontab x",
    ],
    ...["curl localhost:8000", "cat /home/me/.ssh/id_rsa", "scp a b:c"],
    // Not what it looks like.
    ...["lѕ", "ls\u00a0x", "ls \u202ex", "ls\tx", `ls ${"x".repeat(300)}`],
  ])("is not offered for: %j", (command) => {
    expect(bash(command)).toBeUndefined();
  });

  test.each([undefined, null, 7, ["ls"], {}])("is not offered for a command that is %j", (command) => {
    expect(bash(command)).toBeUndefined();
  });

  test("is not offered for what leaves the sandbox", () => {
    expect(bash("ls", { dangerouslyDisableSandbox: true })).toBeUndefined();
    expect(bash("ls", { dangerouslyDisableSandbox: "yes" })).toBeUndefined();
    expect(bash("ls", { dangerouslyDisableSandbox: false })).toBeDefined();
  });

  test("judges a relative name by the caller's folder", () => {
    const call = { toolName: "Bash", input: { command: "cat .env" } };
    expect(sessionRule(call, context)).toBeDefined();
    expect(sessionRule(call, { ...context, cwd: "/srv/approval" })).toBeUndefined();
    const { cwd: _, ...nowhere } = context;
    expect(sessionRule(call, nowhere)).toBeUndefined();
  });

  test("is a single plain command and never a pattern, whatever is asked", () => {
    const word = fc.constantFrom(
      "ls",
      "npm",
      "test",
      "-a",
      "'",
      '"',
      "*",
      ":*",
      "\\",
      "(",
      ")",
      "$x",
      ";",
      "&",
      "|",
      "\n",
      "a/b",
      ">",
      "#",
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(word, { maxLength: 8 }).map((words) => words.join(" ")),
    );
    fc.assert(
      fc.property(text, (command) => {
        const offered = bash(command);
        if (offered === undefined) return;
        expect(offered.rule.ruleContent).toBe(command);
        expect(command).not.toMatch(/[*\\()$;&|<>`\n{}[\]?~!#]/);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("an allow of a file for the session", () => {
  test.each([
    ["Edit", { file_path: "/work/shop/src/app.ts" }, "Edit", "//work/shop/src/app.ts", "edits of src/app.ts"],
    [
      "Write",
      { file_path: "/work/shop/src/app.ts" },
      "Edit",
      "//work/shop/src/app.ts",
      "edits of src/app.ts",
    ],
    ["NotebookEdit", { notebook_path: "/work/a.ipynb" }, "Edit", "//work/a.ipynb", "edits of /work/a.ipynb"],
    ["Read", { file_path: "/work/shop/a b.md" }, "Read", "//work/shop/a b.md", "reads of a b.md"],
    ["Edit", { file_path: "/work/shop/[id].ts" }, "Edit", "//work/shop/\\[id\\].ts", "edits of [id].ts"],
    ["Edit", { file_path: "/work/shop/a*.ts" }, "Edit", "//work/shop/a\\*.ts", "edits of a*.ts"],
    [
      "Edit",
      { file_path: "/work/shop/(g)/{a}/!b#.ts" },
      "Edit",
      "//work/shop/(g)/{a}/!b#.ts",
      "edits of (g)/{a}/!b#.ts",
    ],
    ["Edit", { file_path: "/work/shop/ü.ts" }, "Edit", "//work/shop/ü.ts", "edits of ü.ts"],
    [
      "Edit",
      { file_path: "/work/shopping/a.ts" },
      "Edit",
      "//work/shopping/a.ts",
      "edits of /work/shopping/a.ts",
    ],
  ])("is offered for %s %j", (tool, input, toolName, ruleContent, text) => {
    expect(ruleFor(tool, input)).toEqual({ rule: { toolName, ruleContent }, text });
  });

  test.each([
    ...[
      "src/app.ts",
      "./a",
      "../a",
      "~/a",
      "",
      "/",
      "/work/",
      "/work/../etc/x",
      "/work/./a",
      "//work/a",
      "C:\\a",
      "/work/a\\b",
    ],
    ...[
      "/work/a?",
      "/work/a ",
      "/work/a\n",
      "/work/a\u202eb",
      "/work/a\u200bb",
      "/work/a\tb",
      "/work/a\u00a0b",
      "/work/u\u0308",
    ],
  ])("is not offered for the path %j", (path) => {
    expect(ruleFor("Edit", { file_path: path })).toBeUndefined();
    expect(ruleFor("Read", { file_path: path })).toBeUndefined();
  });

  test.each([
    ...[
      "/work/shop/.env",
      "/work/shop/.env.local",
      "/work/shop/.ENV",
      "/work/.envrc",
      "/work/.npmrc",
      "/work/.mcp.json",
    ],
    ...[
      "/home/me/.ssh/config",
      "/home/me/.ssh",
      "/home/me/.claude/settings.json",
      "/work/shop/.claude/settings.local.json",
    ],
    ...[
      "/home/me/.claude.json",
      "/work/shop/.git/hooks/pre-commit",
      "/work/shop/.git/config",
      "/work/.husky/pre-commit",
    ],
    ...[
      "/work/.vscode/tasks.json",
      "/home/me/.bashrc",
      "/home/me/.zshenv",
      "/home/me/.profile",
      "/home/me/.gitconfig",
    ],
    ...["/home/me/.aws/credentials", "/home/me/.netrc", "/work/key.pem", "/home/me/.config/fish/config.fish"],
    ...["/etc/passwd", "/etc/hosts", "/usr/bin/x", "/root/x", "/dev/sda", "/Library/LaunchDaemons/x.plist"],
    ...[
      "/srv/approval/.env",
      "/srv/approval/data/approvals.db",
      "/srv/approval/data",
      "/srv/approval/data/x/y",
    ],
  ])("is not offered for the protected %s", (path) => {
    for (const tool of ["Edit", "Write", "Read"]) expect(ruleFor(tool, { file_path: path })).toBeUndefined();
  });

  test("is offered for a neighbour of the server's files", () => {
    expect(ruleFor("Edit", { file_path: "/srv/approval/database.ts" })).toBeDefined();
  });

  test.each([undefined, null, 7, ["/work/a"]])("is not offered for a path that is %j", (path) => {
    expect(ruleFor("Edit", { file_path: path })).toBeUndefined();
  });

  test("takes the home folder of root for a home folder", () => {
    const call = { toolName: "Edit", input: { file_path: "/root/shop/a.ts" } };
    expect(sessionRule(call, { ...context, home: "/root" })).toBeDefined();
  });

  test("leaves no pattern sign unescaped", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (name) => {
        const content = ruleFor("Edit", { file_path: `/work/${name}` })?.rule.ruleContent;
        if (content === undefined) return;
        expect(content.replace(/\\[[\]*]/g, "")).not.toMatch(/[[\]*?\\\n]/);
        expect(content.replace(/\\([[\]*])/g, "$1")).toBe(`//work/${name}`);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("an allow of the web for the session", () => {
  test.each([
    ["https://example.com/a?b=c", "example.com"],
    ["http://docs.example.com", "docs.example.com"],
    ["https://EXAMPLE.com/", "example.com"],
    ["https://münchen.de/", "xn--mnchen-3ya.de"],
    ["https://a-b.co.uk:443/", "a-b.co.uk"],
  ])("is offered for the host of %s", (url, host) => {
    expect(ruleFor("WebFetch", { url, prompt: "x" })).toEqual({
      rule: { toolName: "WebFetch", ruleContent: `domain:${host}` },
      text: `web fetches from ${host}`,
    });
  });

  test.each([
    ...[
      "http://localhost/",
      "http://localhost:8000/",
      "http://127.0.0.1/",
      "http://127.1/",
      "http://2130706433/",
      "http://[::1]/",
    ],
    ...[
      "http://192.168.0.1/",
      "http://8.8.8.8/",
      "http://printer/",
      "http://nas.local/",
      "http://db.internal/",
      "http://a.localhost/",
    ],
    ...[
      "https://example.com:8443/",
      "https://u@example.com/",
      "https://u:p@example.com/",
      "https://example.com./",
    ],
    ...[
      "ftp://example.com/",
      "file:///etc/passwd",
      "javascript:x",
      "example.com",
      "",
      "https://",
      "https://*.example.com/",
    ],
  ])("is not offered for %s", (url) => {
    expect(ruleFor("WebFetch", { url })).toBeUndefined();
  });

  test("is offered for searches", () => {
    expect(ruleFor("WebSearch", { query: "x" })).toEqual({
      rule: { toolName: "WebSearch" },
      text: "web searches",
    });
  });
});

describe("an allow of another tool for the session", () => {
  test.each([
    ["mcp__github__create_issue", "the tool github › create_issue, with any input"],
    ["mcp__claude_ai_Gmail__send-mail", "the tool claude_ai_Gmail › send-mail, with any input"],
  ])("is offered for the whole of %s", (toolName, text) => {
    const offered = ruleFor(toolName, { title: "x" });
    expect(offered).toEqual({ rule: { toolName }, text });
    expect(offered?.rule).not.toHaveProperty("ruleContent");
  });

  test.each([
    ...[
      "mcp__github",
      "mcp__github__",
      "mcp____x",
      "mcp__a b__c",
      "mcp__a__*",
      "mcp__a__b*",
      "mcp__a__b(c)",
      "mcp__*__x",
      "mcp__",
    ],
    ...[
      "mcp__approval-server__permissions__approve",
      "Agent",
      "Skill",
      "Workflow",
      "ExitPlanMode",
      "AskUserQuestion",
    ],
    ...["PowerShell", "Monitor", "KillShell", "", "bash", "Bash(ls)", "MultiEdit", "toString", "constructor"],
  ])("is not offered for %j", (toolName) => {
    expect(
      ruleFor(toolName, { command: "ls", file_path: "/work/a", url: "https://example.com" }),
    ).toBeUndefined();
  });
});
