// What a tap on Session would allow again, and above all what not.
import { linkSync, mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import type { Grantable } from "../../src/domain/grant.ts";
import { type GrantableContext, grantableOf } from "../../src/inspection/grantable.ts";
import { createShellInspector } from "../../src/inspection/shell-risk.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const HOME = "/home/me";
const OWN = ["/srv/approval/.env", "/srv/approval/data"];
const shell = createShellInspector({ ownPaths: OWN, ownPorts: [8000], home: HOME });
const context: Omit<GrantableContext, "report"> = {
  home: HOME,
  ownPaths: OWN,
  cwd: "/work/shop",
};

const look = (
  toolName: string,
  input: Record<string, unknown> = {},
  more: Partial<GrantableContext> = {},
) => {
  const { command } = input;
  const around = { ...context, ...more };
  const report = typeof command === "string" ? shell.inspect(command, around.cwd) : undefined;
  return grantableOf({ toolName, input }, { ...around, report });
};
const bash = (command: unknown, more: object = {}) => look("Bash", { command, ...more });
const hashOf = async (found: Promise<Grantable | undefined>) => {
  const subject = (await found)?.subject;
  if (subject?.kind !== "call") throw new Error("it is not grantable");
  return subject.sha256;
};
const wordsOf = (found: Grantable | undefined) =>
  found?.what.map((part) => (typeof part === "object" && "foreign" in part ? part.foreign : part)).join("");

describe("a command may be allowed again", () => {
  test.each([
    ...["ls", "ls -la src", "npm test", "npm run build", "git status", "cargo build --release", "make -j4"],
    ...['git commit -m "fix: the thing"', "git log --format='%h %s'", "./gradlew build", "rm notes.txt"],
    ...[
      "sqlite3 app.db",

      'grep "a(b)" x',
      "git commit -m 'größer'",
    ],
    ...["npm test | tail -5", "npm test 2>&1 | tail -20", "cd web && npm test", "ls; pwd", "ls\npwd"],
  ])("word for word, in one folder: %s", async (command) => {
    const found = await bash(command);
    expect(found).toMatchObject({ subject: { kind: "call", toolName: "Bash" }, needsFolder: true });
    expect(wordsOf(found)).toBe("this exact command");
  });

  test.each([
    ...["ls -la /etc", "ls -la ~/work", "cat /etc/hosts", "date", "date +%F", "uname -a", "echo hello -x"],
    ...["touch /tmp/x", "rm -f /tmp/x", "head -n 5 /var/log/x", "tail -20 '/var/log/a b'", "du -sh /var/log"],
    ...["ps aux | grep node", "grep -rn foo /srv/shop", "curl -sS https://example.com/x", "/bin/ls /etc"],
    ...[
      "cp /tmp/a /tmp/b",
      "echo '*'",
      "curl https://example.com/a,b",
      "cat /etc/hosts | sort | uniq -c",
      "sleep 5 && date",
      "ls /etc > /dev/null",
    ],
    ...[
      "cd /srv/shop && npm test",
      "cd /srv/shop && ./build.sh && rm notes.txt",
      "cd ~/shop && npm test | tail",
    ],
  ])("in any folder, where it means the same in each: %s", async (command) => {
    expect(await bash(command)).toMatchObject({ needsFolder: false });
  });

  test.each([
    ...[
      "ls",
      "ls src",
      "ls /etc src",
      "ls ./x",
      "ls ../x",
      "ls ~+/x",
      "ls ~bob/x",
      "ls '~/x'",
      "ls -I x /etc",
    ],
    ...[
      "cat x",
      "cat /etc/hosts x",
      "head -n x /etc/hosts",
      "tail -F x",
      "du -sh",
      "grep -r foo",
      "grep foo x",
    ],
    ...["grep -f x /etc/hosts", "date -f x", "date -r x", "sort -o x /etc/hosts", "uniq /etc/hosts x"],
    ...["wc --files0-from=x", "mkdir x", "touch x", "rm notes.txt", "cp /tmp/a b", "mv /tmp/a .", "pwd"],
    ...[
      "npm test",
      "make",
      "git status",
      "./build.sh",
      "/srv/shop/build.sh",
      "/srv/ls /etc",
      "sqlite3 app.db",
    ],
    ...["sqlite3 /srv/app.db", "cd sub && ls /etc", "cd && ls", "cd /srv; npm test", "cd /srv || npm test"],
    ...["cd /srv\nnpm test", "cd /srv | npm test", "cd /srv && npm test; rm x", "cd /srv && a || rm x"],
    ...[
      "cd -P /srv && npm test",
      "cd /srv web && npm test",
      "curl -o x https://example.com",
      "curl -O https://a.com/x",
    ],
    ...["curl file:x", "curl -T x https://example.com", "printenv", "LS /etc", "CD /srv && npm test"],
  ])("in one folder only: %s", async (command) => {
    expect((await bash(command))?.needsFolder ?? true).toBe(true);
  });

  test.each([
    // What only the shell knows.
    ...[
      "ls *",
      "ls a?",
      "ls [ab]",
      "ls {a,b}",
      "ls $X",
      "ls $(x)",
      "ls `x`",
      "ls <(x)",
      "echo $[1]",
      'ls "$X"',
    ],
    // Files by redirection, assignments, what goes on by itself, brackets, comments.
    ...[
      "ls > x",
      "ls < x",
      "ls >> x",
      "A=1 ls",
      "A=1",
      "ls &",
      "(ls)",
      "{ ls; }",
      "! ls",
      "time ls",
      "ls # c",
    ],
    ...["ls <<< x", "if ls; then ls; fi", "f(){ ls; }", "for a in b; do ls; done"],
    // What cannot be read or compared by eye.
    ...["", " ", " ls", "ls ", "ls\n", "ls 'x", "foo(", "ls\tx", "ls\u00a0x", "ls \u202ex", "l\u200bs"],
    // What runs others.
    ...[
      "bash x.sh",
      "sh",
      "python x.py",
      "node x.js",
      "sudo ls",
      "env ls",
      "nohup ls",
      "timeout 5 ls",
      "xargs ls",
    ],
    ...["npx vitest", "npm exec x", "uv run x", "command ls", "exec ls", "ssh host ls", "docker run x"],
    ...["find . -name x", "kubectl get pods", "ls | xargs rm", "echo x | bash", "eval ls", "source x", ". x"],
    // Risks.
    ...["rm -rf x", "git push --force", "chmod 777 x", "kill 1", "npm publish", "cat /srv/approval/.env"],
    ...[
      "crontab x",
      "curl localhost:8000",
      "cat /home/me/.ssh/id_rsa",
      "scp a b:c",
      "cd /srv && rm -rf shop",
    ],
    `echo ${"x".repeat(3_000)}`,
  ])("never: %j", async (command) => {
    expect(await bash(command)).toBeUndefined();
  });

  test.each([undefined, null, 7, ["ls"], {}])("never where it is %j", async (command) => {
    expect(await bash(command)).toBeUndefined();
  });

  test.each([{ extra: 1 }, { sandbox: false }, { timeout: "5" }, { cwd: "/tmp" }, { run_in_background: 1 }])(
    "never with a field that nobody knows: %j",
    async (more) => {
      expect(await bash("ls", more)).toBeUndefined();
    },
  );

  test("and is the same only where all that changes what runs is the same", async () => {
    const plain = await hashOf(bash("sqlite3 app.db"));
    expect(await hashOf(bash("sqlite3 app.db", { description: "Open it" }))).toBe(plain);
    expect(await hashOf(look("Bash", { description: "x", command: "sqlite3 app.db" }))).toBe(plain);
    const others = [
      ...[
        "sqlite3 app.db; ls",
        "sqlite3  app.db",
        "sqlite3 App.db",
        "sqlite3 'app.db'",
        "sqlite3 app.db 2>&1",
      ],
      ...[
        "echo 'select 1' | sqlite3 app.db",
        "cd sub && sqlite3 app.db",
        "sqlite3 app.db && ls",
        "SQLITE3 app.db",
      ],
      "sqlitе3 app.db",
    ].map((command) => bash(command));
    const flags = [{ timeout: 5 }, { run_in_background: false }, { dangerouslyDisableSandbox: false }];
    const hashes = await Promise.all(
      [...others, ...flags.map((more) => bash("sqlite3 app.db", more))].map(hashOf),
    );
    expect(new Set([plain, ...hashes]).size).toBe(hashes.length + 1);
  });

  test("and two texts that only look the same are two", async () => {
    const [one, other] = ["git commit -m 'caf\u00e9'", "git commit -m 'cafe\u0301'"];
    expect(await hashOf(bash(one))).not.toBe(await hashOf(bash(other)));
  });

  test("and any two texts are the same exactly when they are equal", async () => {
    const word = fc.constantFrom(
      "ls",
      "-a",
      "npm",
      "test",
      "/etc",
      "a b",
      "'x'",
      "|",
      "&&",
      ";",
      "\n",
      "ä",
      "a\u0308",
    );
    const line = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(" "));
    await fc.assert(
      fc.asyncProperty(line, line, async (one, other) => {
        const [first, second] = [await bash(one), await bash(other)];
        if (first === undefined || second === undefined) return;
        expect(JSON.stringify(first.subject) === JSON.stringify(second.subject)).toBe(one === other);
      }),
      { numRuns: 500 },
    );
  });

  test("judged by the caller's folder: a relative name may be the server's", async () => {
    expect(await look("Bash", { command: "ls -l .env" })).toBeDefined();
    expect(await look("Bash", { command: "ls -l .env" }, { cwd: "/srv/approval" })).toBeUndefined();
    expect(await look("Bash", { command: "ls -l .env" }, { cwd: undefined })).toBeUndefined();
  });
});

describe("a file may be edited or read again", () => {
  let folder: string;
  beforeEach(() => {
    folder = realpathSync(temporaryFolder());
    writeFileSync(join(folder, "old.txt"), "x");
  });
  const file = (path: string, tool = "Write") =>
    look(tool, { [tool === "NotebookEdit" ? "notebook_path" : "file_path"]: path }, { cwd: folder });
  const pathOf = async (path: string, tool?: string) => {
    const subject = (await file(path, tool))?.subject;
    return subject?.kind === "file" ? `${subject.access} ${subject.path}` : undefined;
  };

  test.each(["old.txt", "new.txt", "deep/er/new.txt", "ü [id] (g) {a} *.ts"])(
    "by its path without links, whether it is there or not: %s",
    async (name) => {
      const path = join(folder, name);
      for (const tool of ["Write", "Edit", "NotebookEdit"])
        expect(await pathOf(path, tool)).toBe(`edit ${path}`);
      expect(await pathOf(path, "Read")).toBe(`read ${path}`);
      expect(wordsOf(await file(path))).toBe(`edits of ${name}`);
      expect((await file(path))?.needsFolder).toBe(false);
    },
  );

  test("also named relatively, and then only where the folder is known", async () => {
    expect(await pathOf("new.txt")).toBe(`edit ${join(folder, "new.txt")}`);
    expect((await file("new.txt"))?.needsFolder).toBe(true);
    expect(await look("Write", { file_path: "new.txt" }, { cwd: undefined })).toBeUndefined();
  });

  test("and is another file under another spelling", async () => {
    expect(await pathOf(join(folder, "NEW.TXT"))).not.toBe(await pathOf(join(folder, "new.txt")));
  });

  test("through a folder that is a link it is the file that it leads to", async () => {
    mkdirSync(join(folder, "real"));
    symlinkSync("real", join(folder, "link"));
    expect(await pathOf(join(folder, "link/new.txt"))).toBe(`edit ${join(folder, "real/new.txt")}`);
    expect(wordsOf(await file(join(folder, "link/new.txt")))).toBe("edits of real/new.txt");
    rmSync(join(folder, "link"));
    symlinkSync("elsewhere", join(folder, "link"));
    expect(await pathOf(join(folder, "link/new.txt"))).toBeUndefined();
  });

  test("but not through a link, by a second name, or what is no file", async () => {
    symlinkSync("old.txt", join(folder, "link.txt"));
    symlinkSync("nowhere.txt", join(folder, "lost.txt"));
    expect(await pathOf(join(folder, "link.txt"))).toBeUndefined();
    expect(await pathOf(join(folder, "lost.txt"))).toBeUndefined();
    expect(await pathOf(folder)).toBeUndefined();
    expect(await pathOf(join(folder, "old.txt/x"))).toBeUndefined();
    expect(await pathOf("/dev/null")).toBeUndefined();
    linkSync(join(folder, "old.txt"), join(folder, "second.txt"));
    expect(await pathOf(join(folder, "old.txt"))).toBeUndefined();
  });

  test("but not where it leads to one that nobody should touch", async () => {
    mkdirSync(join(folder, ".ssh"));
    symlinkSync(".ssh", join(folder, "keys"));
    expect(await pathOf(join(folder, "keys/x"))).toBeUndefined();
  });

  test("by the end of its path where that is long", async () => {
    const long = join(folder, "a".repeat(40), "b".repeat(40), "c.ts");
    expect(wordsOf(await file(long))).toBe(`edits of …/${"b".repeat(40)}/c.ts`);
  });

  test.each([
    ...[
      "",
      "/",
      "/work/",
      "/work/../etc/x",
      "/work/./a",
      "//work/a",
      "./a",
      "../a",
      "~/a",
      "~",
      "C:\\a",
      "/work/a\\b",
    ],
    ...[
      "/work/a ",
      "/work/a\n",
      "/work/a\u202eb",
      "/work/a\u200bb",
      "/work/a\tb",
      "/work/a\u00a0b",
      "/work/u\u0308",
    ],
    ...[undefined, null, 7, ["/work/a"]],
  ])("never at the path %j", async (path) => {
    for (const tool of ["Edit", "Write", "Read"])
      expect(await look(tool, { file_path: path })).toBeUndefined();
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
    ...["/home/me/.ssh/config", "/home/me/.claude/settings.json", "/work/shop/.claude/settings.local.json"],
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
  ])("never the protected %s", async (path) => {
    for (const tool of ["Edit", "Write", "Read"])
      expect(await look(tool, { file_path: path })).toBeUndefined();
  });

  test("next to the server's files", async () => {
    expect(await look("Edit", { file_path: "/srv/approval/database.ts" })).toBeDefined();
  });

  test.each([
    ["Write", { content: "x", path: "/work/b" }],
    ["Edit", { old_string: "a", new_string: "b", edits: [] }],
    ["Read", { follow: true }],
  ])("never by %s with a field that nobody knows: %j", async (tool, more) => {
    expect(await look(tool, { file_path: join(folder, "old.txt"), ...more })).toBeUndefined();
  });
});

describe("the web may be reached again", () => {
  test.each([
    ["https://example.com/a?b=c", "example.com:443", "example.com"],
    ["https://EXAMPLE.com/", "example.com:443", "example.com"],
    ["https://münchen.de/", "xn--mnchen-3ya.de:443", "xn--mnchen-3ya.de"],
    ["https://a-b.co.uk:443/", "a-b.co.uk:443", "a-b.co.uk"],
    ["https://example.com:8443/", "example.com:8443", "example.com:8443"],
  ])("at the host and port of %s", async (url, host, name) => {
    const found = await look("WebFetch", { url, prompt: "x" });
    expect(found).toMatchObject({ subject: { kind: "host", host }, needsFolder: false });
    expect(wordsOf(found)).toBe(`web fetches from ${name}`);
  });

  test.each([
    ...[
      "http://example.com/",
      "http://localhost/",
      "https://localhost:8000/",
      "https://127.0.0.1/",
      "https://127.1/",
    ],
    ...[
      "https://2130706433/",
      "https://[::1]/",
      "https://192.168.0.1/",
      "https://8.8.8.8/",
      "https://printer/",
    ],
    ...["https://nas.local/", "https://db.internal/", "https://a.localhost/", "https://u@example.com/"],
    ...["https://u:p@example.com/", "https://example.com./", "ftp://example.com/", "file:///etc/passwd"],
    ...["javascript:x", "example.com", "", "https://", "https://*.example.com/"],
  ])("never at %s", async (url) => {
    expect(await look("WebFetch", { url })).toBeUndefined();
  });

  test("never with a field that nobody knows", async () => {
    expect(
      await look("WebFetch", { url: "https://example.com/", prompt: "x", method: "POST" }),
    ).toBeUndefined();
  });

  test("with the same search, and no other", async () => {
    const [one, same, other] = await Promise.all(
      ["x", "x", "y"].map((query) => look("WebSearch", { query })),
    );
    expect(wordsOf(one)).toBe("this exact search");
    expect(one).toEqual(same);
    expect(one?.subject).not.toEqual(other?.subject);
  });
});

describe("another tool may be used again", () => {
  test("but one that runs commands only with the same command, and never with a warning", async () => {
    for (const toolName of ["mcp__workspace__bash", "mcp__desktop__execute_command"]) {
      const found = await look(toolName, { command: "ls -la" });
      expect(wordsOf(found)).toBe("this exact command");
      expect(found?.subject).not.toEqual((await look(toolName, { command: "ls" }))?.subject);
      expect(await look(toolName, { command: "rm -rf build" })).toBeUndefined();
      expect(await look(toolName, { script: "ls" })).toBeUndefined();
    }
  });

  test.each([
    ["mcp__github__create_issue", "the tool github › create_issue, with any input"],
    ["mcp__claude_ai_Gmail__send-mail", "the tool claude_ai_Gmail › send-mail, with any input"],
  ])("if it is one of an MCP server: %s", async (toolName, words) => {
    const found = await look(toolName, { title: "x" });
    expect(found?.subject).toEqual({ kind: "tool", toolName });
    expect(wordsOf(found)).toBe(words);
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
      "mcp__",
    ],
    ...[
      "mcp__approval-server__permissions__approve",
      "mcp__plugin_approvals_approval-server__request_approval",
    ],
    ...[
      "request_approval",
      "Agent",
      "Skill",
      "Workflow",
      "ExitPlanMode",
      "AskUserQuestion",
      "PowerShell",
      "Monitor",
    ],
    ...["KillShell", "", "bash", "Bash(ls)", "MultiEdit", "toString", "constructor", "__proto__"],
  ])("never %j", async (toolName) => {
    const input = { command: "ls", file_path: "/work/a", url: "https://example.com" };
    expect(await look(toolName, input)).toBeUndefined();
  });
});
