// The form of policy.json, what its linter refuses, and rules for files, hosts, tools, doors and projects.

import { describe, expect, test } from "vitest";
import type { Submission } from "../../src/domain/submission.ts";
import {
  bash,
  CONTEXT,
  decide,
  HOME,
  PROJECT,
  policyText,
  problemsOf,
  submissionOf,
} from "../helpers/policy-stage.ts";
import { readTables } from "../helpers/tables.ts";

const allow = (...rules: string[]) => ({ decision: "allow", rules }) as const;
const deny = (...rules: string[]) => ({ decision: "deny", rules }) as const;
const edit = (file_path: string, changed: Partial<Submission> = {}) =>
  submissionOf("Edit", { file_path }, changed);
const read = (file_path: string, changed: Partial<Submission> = {}) =>
  submissionOf("Read", { file_path }, changed);
const fetchOf = (url: string) => submissionOf("WebFetch", { url, prompt: "x" });

describe("the linter", () => {
  const broad = readTables(new URL("policy.broad.txt", import.meta.url)).get("") ?? [];

  test.each(broad)("refuses to allow %s, and says where and why", (rule) => {
    const [problem, ...others] = problemsOf(policyText([allow("WebSearch", rule)]));
    expect(others).toEqual([]);
    expect(problem).toContain(`rules[0].rules[1]: ${rule} `);
    expect(problem?.length).toBeGreaterThan(rule.length + 40);
  });

  test.each(broad.filter((rule) => !/^(Edit|Read)\(.*[~]$|^Bash\( |^mcp__\*__/.test(rule)))(
    "takes %s to deny and to ask",
    (rule) => {
      expect(problemsOf(policyText([deny(rule), { decision: "ask", rules: [rule] }]))).toEqual([]);
    },
  );

  test.each([
    ...["Bash(npm test)", "Bash(npm run *)", "Bash(npm run:*)", "Bash(npm run test:*)", "Bash(git status)"],
    ...[
      "Bash(git log *)",
      "Bash(git diff:*)",
      "Bash(ls *)",
      "Bash(node scripts/build.js)",
      "Bash(make test)",
    ],
    ...["Bash(cargo test *)", "Bash(curl https://example.com/health)", 'Bash(git commit -m "x")'],
    ...["Edit(/src/**)", "Edit(src/**)", "Edit(./src/**)", "Edit(*.md)", "Edit(/docs/)", "Edit(~/notes/**)"],
    ...["Edit(//tmp/build/**)", "Read(/**)", "Read(**)", "Read(//opt/docs/**)", "Read(*.ts)", "WebSearch"],
    ...[
      "WebFetch(domain:example.org)",
      "WebFetch(domain:*.example.org)",
      "mcp__github__get_issue",
      "mcp__github",
    ],
    ...[
      "mcp__github__*",
      "mcp__github__get_*",
      "Agent(Explore)",
      "Task(Explore)",
      "Skill(commit)",
      "Skill(review *)",
    ],
  ])("takes %s to allow", (rule) => {
    expect(problemsOf(policyText([allow(rule)]))).toEqual([]);
  });

  test.each([
    ["Bash(npm:* test)", ":*"],
    ["Bash()", "nothing in its brackets"],
    ["Bash( npm test)", "blanks"],
    ["Bash(npm test", "not a rule"],
    ["(npm test)", "not a rule"],
    ["npm test", "not a rule"],
    ["Write(/src/**)", "Edit("],
    ["Grep(/src/**)", "Read("],
    ["Edit(/src/[ab].ts)", "not read here"],
    ["Edit(!/src/**)", "not read here"],
    ["Read(/src/a\\*b)", "not read here"],
    ["Edit(/src/../x)", ".."],
    ["WebFetch(https://example.com)", "domain:"],
    ["WebSearch(x)", "takes nothing"],
    ["Bash(a*b*c*d*e*f*g*h*i*)", "wildcards"],
    ["mcp__x(y)", "takes nothing"],
  ])("finds %s wrong in any decision", (rule, words) => {
    for (const decision of ["allow", "ask", "deny"] as const) {
      expect(problemsOf(policyText([{ decision, rules: [rule] }]))).toEqual([expect.stringContaining(words)]);
    }
  });
});

describe("the form", () => {
  test.each([
    ["", "not valid JSON"],
    ["{", "not valid JSON"],
    ["[]", "must be an object"],
    ["null", "must be an object"],
    ["{}", "version: must be 1"],
    ['{"version":2}', "version: must be 1"],
    ['{"version":1,"rule":[]}', '"rule"'],
    ['{"version":1,"rules":{}}', "rules: "],
    ['{"version":1,"rules":[],"rules":[]}', 'the key "rules" twice'],
    ['{"version":1,"rules":[{"decision":"deny","rules":["Bash"],"r\\u0075les":["Read"]}]}', '"rules" twice'],
    ['{"version":1,"__proto__":{"rules":[]}}', '"__proto__"'],
    ['{"version":1,"max_approvals_per_session":0}', "max_approvals_per_session: must be at least 1"],
    ['{"version":1,"max_approvals_per_session":1.5}', "max_approvals_per_session: must be a whole number"],
    ['{"version":1,"max_approvals_per_session":"5"}', "max_approvals_per_session: must be a whole number"],
    [
      policyText([{ decision: "permit" as "allow", rules: ["WebSearch"] }]),
      "rules[0].decision: must be allow",
    ],
    [policyText([allow()]), "rules[0].rules: has no rule"],
    [policyText([{ ...allow("WebSearch"), message: "x" }]), "rules[0].message: is only read with"],
    [policyText([{ ...deny("Bash"), message: " " }]), "rules[0].message: is empty"],
    [policyText([{ ...deny("Bash"), doors: [] }]), "rules[0].doors: names no door"],
    [
      policyText([{ ...deny("Bash"), doors: ["web"] }]),
      "rules[0].doors[0]: must be mcp, hook, rest or phone",
    ],
    [policyText([{ ...deny("Bash"), projects: [] }]), "rules[0].projects: names no project"],
    [policyText([{ ...deny("Bash"), projects: ["a/b"] }]), "rules[0].projects[0]: must be"],
    [policyText([{ ...deny("Bash"), projects: ["/a/../b"] }]), "rules[0].projects[0]: must not"],
    [policyText([{ ...deny("Bash"), projects: ["*"] }]), "rules[0].projects[0]: must not"],
    [policyText([{ ...deny("Bash"), project: ["a"] }]), '"project"'],
  ])("of %s is refused with its place", (text, words) => {
    expect(problemsOf(text).join("\n")).toContain(words);
  });

  test("may start with a byte order mark, and have a key in each of several groups", () => {
    const text = policyText([allow("Bash(ls)"), deny('Bash("rules": {*)', "Read(x)")]);
    expect(problemsOf(`\uFEFF${text}`)).toEqual([]);
  });

  test("with several problems names all of them", () => {
    const text = policyText([allow("Bash", "npm"), deny("Bash()")]);
    expect(problemsOf(text).map((problem) => problem.split(": ")[0])).toEqual([
      "rules[0].rules[0]",
      "rules[0].rules[1]",
      "rules[1].rules[0]",
    ]);
  });

  test("without rules asks", () => {
    expect(problemsOf('{"version":1}')).toEqual([]);
    expect(decide([], bash("ls"))).toBe("ask");
  });
});

describe("an allow for files", () => {
  test.each([
    ["Edit(/src/**)", `${PROJECT}/src/a.ts`],
    ["Edit(src/**)", `${PROJECT}/src/deep/er/a.ts`],
    ["Edit(/src/*.ts)", `${PROJECT}/src/a.ts`],
    ["Edit(*.md)", `${PROJECT}/docs/a.md`],
    ["Edit(/docs/)", `${PROJECT}/docs/a.md`],
    ["Edit(~/notes/**)", `${HOME}/notes/a.md`],
    ["Edit(//tmp/build/**)", "/tmp/build/x/y"],
    ["Edit(/app/(group)/**)", `${PROJECT}/app/(group)/page.tsx`],
  ])("%s lets %s through", (rule, path) => {
    expect(decide(allow(rule), edit(path))).toBe("allow");
    expect(decide(allow(rule), submissionOf("Write", { file_path: path }))).toBe("allow");
    expect(decide(allow(rule), submissionOf("NotebookEdit", { notebook_path: path }))).toBe("allow");
    expect(decide(allow(rule), read(path))).toBe("ask");
  });

  test.each([
    ["another folder", `${PROJECT}/lib/a.ts`],
    ["a longer name", `${PROJECT}/src2/a.ts`],
    ["another project", "/home/me/other/src/a.ts"],
    ["..", `${PROJECT}/src/../lib/a.ts`],
    ["encoded ..", `${PROJECT}/src/x/../../lib/a.ts`],
    ["a relative path", "src/a.ts"],
    ["./", `${PROJECT}/./src/a.ts`],
    ["two slashes", `${PROJECT}//src/a.ts`],
    ["~", "~/web-shop/src/a.ts"],
    ["another case", `${PROJECT}/SRC/a.ts`],
    ["a file that holds secrets", `${PROJECT}/src/.env`],
    ["a file that runs later", `${PROJECT}/src/.git/hooks/pre-commit`],
    ["a key", `${PROJECT}/src/server.pem`],
    ["a line break", `${PROJECT}/src/a\n.ts`],
    ["a hidden sign", `${PROJECT}/src/a\u200b.ts`],
    ["a backslash", `${PROJECT}/src\\..\\a.ts`],
    ["nothing", ""],
  ])("Edit(/src/**) stops at %s", (_, path) => {
    expect(decide(allow("Edit(/src/**)"), edit(path))).toBe("ask");
  });

  test("stops when any of the names that a call gives its file is another one", () => {
    const rule = allow("Edit(/src/**)");
    for (const other of ["/etc/hosts", `${PROJECT}/lib/a`, "", 1, null, [`${PROJECT}/src/a`]]) {
      for (const key of ["notebook_path", "path"]) {
        const input = { file_path: `${PROJECT}/src/a.ts`, [key]: other };
        expect(decide(rule, submissionOf("NotebookEdit", input))).toBe("ask");
      }
    }
    expect(decide(rule, submissionOf("Edit", {}))).toBe("ask");
    expect(decide(rule, submissionOf("Edit", { file_path: [`${PROJECT}/src/a.ts`] }))).toBe("ask");
    const both = { file_path: `${PROJECT}/lib/a`, notebook_path: `${PROJECT}/src/a` };
    expect(decide(deny("Edit(/src/**)"), submissionOf("NotebookEdit", both))).toBe("deny");
  });

  test("is none for Grep, which shows files that nobody named", () => {
    const rule = allow("Read(/docs/**)");
    const input = { pattern: "x", path: `${PROJECT}/docs` };
    expect(decide(rule, submissionOf("Grep", input))).toBe("ask");
    expect(decide(rule, submissionOf("Glob", { ...input, pattern: "*.md" }))).toBe("allow");
  });

  test("stops where the caller's folder is not known, or is not told plainly", () => {
    for (const cwd of ["relative", "/home/me/x/../web-shop", "", "/home/me//web-shop"]) {
      expect(decide(allow("Edit(/src/**)"), edit(`${PROJECT}/src/a.ts`, { cwd }))).toBe("ask");
    }
    const { cwd: _, ...unknown } = edit(`${PROJECT}/src/a.ts`);
    expect(decide(allow("Edit(/src/**)"), unknown)).toBe("ask");
  });

  test.each(["/", "/home", HOME])("stops where the caller's folder is no project: %s", (cwd) => {
    for (const [rule, path] of [
      ["Edit(/src/**)", "src/a"],
      ["Edit(*.md)", "x/a.md"],
    ] as const) {
      expect(decide(allow(rule), edit(`${cwd === "/" ? "" : cwd}/${path}`, { cwd }))).toBe("ask");
    }
    expect(decide(allow("Edit(~/notes/**)"), edit(`${HOME}/notes/a`, { cwd }))).toBe("allow");
  });

  test("follows links: where the path leads must match too, and must be known", () => {
    const links = (target: string | undefined) => ({
      ...CONTEXT,
      realPath: (path: string) => (path.endsWith("/link.ts") ? target : path),
    });
    const call = edit(`${PROJECT}/src/link.ts`);
    expect(decide(allow("Edit(/src/**)"), call, links(`${PROJECT}/src/real.ts`))).toBe("allow");
    for (const target of [
      "/etc/hosts",
      `${PROJECT}/lib/a.ts`,
      `${PROJECT}/src/.env`,
      "/srv/approval/.env",
      undefined,
    ]) {
      expect(decide(allow("Edit(/src/**)"), call, links(target))).toBe("ask");
    }
  });

  test.each([
    { pattern: "/etc/*", path: `${PROJECT}/docs` },
    { pattern: "../../*", path: `${PROJECT}/docs` },
    { pattern: "~/*", path: `${PROJECT}/docs` },
    { pattern: "{/etc/*,x}", path: `${PROJECT}/docs` },
    { pattern: "*.md", path: "/etc" },
    { pattern: "*.md" },
  ])("stops a search that looks elsewhere: %j", (input) => {
    expect(decide(allow("Read(/docs/**)"), submissionOf("Glob", input))).toBe("ask");
  });
});

describe("a deny for files", () => {
  test.each([
    ["Edit(/src/**)", `${PROJECT}/src/a.ts`],
    ["Edit(/src/**)", `${PROJECT}/SRC/A.ts`],
    ["Edit(/src/**)", "src/a.ts"],
    ["Edit(/src/**)", `${PROJECT}/lib/../src/a.ts`],
    ["Edit(/src)", `${PROJECT}/src/deep/a.ts`],
    ["Edit(/src/*)", `${PROJECT}/src/deep/a.ts`],
    ["Edit(.env)", `${PROJECT}/deep/.env`],
    ["Edit(.env)", "/somewhere/else/.env"],
    ["Edit(.env*)", `${PROJECT}/.env.local`],
    ["Edit(~/.ssh/**)", `${HOME}/.ssh/config`],
    ["Edit(~/.ssh/**)", "~/.ssh/config"],
    ["Edit(//etc/**)", "/etc/hosts"],
    ["Edit(//etc/**)", "//etc//hosts"],
    ["Edit", "/anything"],
  ])("%s finds %s", (rule, path) => {
    for (const tool of ["Edit", "Write", "MultiEdit"]) {
      expect(decide(deny(rule), submissionOf(tool, { file_path: path }))).toBe("deny");
    }
    expect(decide(deny(rule), submissionOf("NotebookEdit", { notebook_path: path }))).toBe("deny");
  });

  test("finds a file in the project of a caller that does not say where it works", () => {
    const { cwd: _, ...unknown } = edit("/any/where/src/a.ts");
    expect(decide(deny("Edit(/src/**)"), unknown)).toBe("deny");
  });

  test("finds what a link leads to", () => {
    const context = { ...CONTEXT, realPath: () => "/etc/hosts" };
    expect(decide(deny("Read(//etc/**)"), read(`${PROJECT}/x`), context)).toBe("deny");
  });

  test.each([
    ["Edit(/dist/**)", "echo x > dist/a.js"],
    ["Edit(/dist/**)", `tee ${PROJECT}/dist/a.js`],
    ["Edit(.env)", "sed -i s/a/b/ .env"],
    ["Edit(.env)", "sudo cp x .env"],
    ["Read(.env)", "cat .env"],
    ["Read(.env)", "bash -c 'cat ./.env'"],
    ["Read(.env)", "base64 < .env"],
    ["Read(.env)", "dd if=.env"],
    ["Read(~/.ssh/**)", "cat ~/.ssh/id_rsa"],
    ["Read(~/.ssh/**)", "cat $HOME/.ssh/id_rsa"],
    ["Read(~/.ssh/**)", 'cat "$HOME"/.ssh/id_rsa'],
    ["Read(~/.ssh/**)", "docker run -v ~/.ssh:/x y"],
    ["Read(.env)", "curl -d @.env x"],
    ["Read(.env)", "curl -F a=@.env x"],
    ["Read(.env)", "curl -T.env x"],
    ["Read(.env)", "git show HEAD:.env"],
    ["Read(.env)", `: ${"a".repeat(40_000)}; cat .env`],
    ["Edit(.env)", "{ echo x; } > .env"],
    ["Edit(.env)", "(echo x) >> .env"],
    ["Edit(.env)", "for i in a; do echo x; done > .env"],
  ])("%s finds the shell command %s", (rule, command) => {
    expect(decide(deny(rule), bash(command))).toBe("deny");
  });

  test.each([
    submissionOf("Glob", { pattern: "/etc/*" }),
    submissionOf("Grep", { pattern: "x", path: "/etc" }),
    submissionOf("Read", { file_path: "/etc/hosts" }),
  ])("for Read finds searches too: $call", (submission) => {
    expect(decide(deny("Read(//etc/**)"), submission)).toBe("deny");
  });
});

describe("rules for hosts", () => {
  test.each([
    ["https://example.org/x", "allow"],
    ["http://example.org", "allow"],
    ["https://EXAMPLE.org/", "allow"],
    ["https://www.example.org", "ask"],
    ["https://example.org.evil.test", "ask"],
    ["https://evil.test/example.org", "ask"],
    ["https://evil.test#example.org", "ask"],
    ["https://example.org@evil.test", "ask"],
    ["https://example.org:8443/", "ask"],
    ["https://user:x@example.org/", "ask"],
    ["https://exаmple.org/", "ask"],
    ["ftp://example.org/", "ask"],
    ["file://example.org/etc/passwd", "ask"],
    [" https://example.org/", "ask"],
    ["example.org", "ask"],
    ["", "ask"],
  ])("WebFetch(domain:example.org) and %s: %s", (url, kind) => {
    expect(decide(allow("WebFetch(domain:example.org)"), fetchOf(url))).toBe(kind);
  });

  test.each([
    ["https://a.example.org/", "allow"],
    ["https://a.b.example.org/", "allow"],
    ["https://example.org/", "ask"],
    ["https://evilexample.org/", "ask"],
  ])("WebFetch(domain:*.example.org) and %s: %s", (url, kind) => {
    expect(decide(allow("WebFetch(domain:*.example.org)"), fetchOf(url))).toBe(kind);
  });

  test.each([
    ...[
      "https://evil.example",
      "http://EVIL.example.",
      "https://evil.example:8443/x",
      "https://u@evil.example",
    ],
    ...["evil.example/x", " https://evil.example", "ftp://evil.example"],
  ])("a deny finds %s", (url) => {
    expect(decide(deny("WebFetch(domain:evil.example)"), fetchOf(url))).toBe("deny");
  });
});

describe("rules for tools", () => {
  test.each([
    ["mcp__github", "mcp__github__get_issue", true],
    ["mcp__github__*", "mcp__github__get_issue", true],
    ["mcp__github__get_*", "mcp__github__get_issue", true],
    ["mcp__github__get_issue", "mcp__github__get_issue", true],
    ["mcp__github__get_*", "mcp__github__delete_issue", false],
    ["mcp__github__get_issue", "mcp__github__get_issues", false],
    ["mcp__github", "mcp__github2__get_issue", false],
    ["mcp__github", "mcp__evil__mcp__github__x", false],
    ["WebSearch", "WebSearch", true],
    ["WebSearch", "websearch", false],
  ])("%s and the tool %s: %s", (rule, tool, matches) => {
    expect(decide(allow(rule), submissionOf(tool, {}))).toBe(matches ? "allow" : "ask");
    expect(decide(deny(rule), submissionOf(tool, {}))).toBe(matches ? "deny" : "ask");
  });

  test.each([
    ["Agent(Explore)", "Agent", { subagent_type: "Explore" }, true],
    ["Agent(Explore)", "Task", { subagent_type: "Explore" }, true],
    ["Agent(Explore)", "Agent", { subagent_type: "general" }, false],
    ["Agent(Explore)", "Agent", {}, false],
    ["Skill(commit)", "Skill", { skill: "commit" }, true],
    ["Skill(commit)", "Skill", { skill: "commit-all" }, false],
  ])("%s and %s %j: %s", (rule, tool, input, matches) => {
    expect(decide(allow(rule), submissionOf(tool, input))).toBe(matches ? "allow" : "ask");
  });

  test("a request by choice is denied by its action", () => {
    const ask = (action: string) =>
      submissionOf("request_approval", { action, summary: "x" }, { door: "rest" });
    expect(decide(deny("request_approval(*deploy*)"), ask("Deploy to production"))).toBe("deny");
    expect(decide(deny("request_approval(*deploy*)"), ask("Send the report"))).toBe("ask");
    expect(decide(deny("request_approval"), ask("Send the report"))).toBe("deny");
  });
});

describe("doors and projects", () => {
  const scoped = (decision: "allow" | "deny", scope: object) => ({
    decision,
    rules: ["Bash(npm test)"],
    ...scope,
  });
  const call = (changed: Partial<Submission>) => bash("npm test", changed);

  test.each([
    [{ doors: ["hook"] }, { door: "hook" }, true],
    [{ doors: ["hook"] }, { door: "mcp" }, false],
    [{ doors: ["hook", "rest"] }, { door: "rest" }, true],
    [{ projects: ["web-shop"] }, {}, true],
    [{ projects: ["web"] }, {}, false],
    [{ projects: [PROJECT] }, {}, true],
    [{ projects: ["~/web-shop/"] }, {}, true],
    [{ projects: [HOME] }, {}, true],
    [{ projects: ["/"] }, {}, true],
    [{ projects: [`${HOME}/web`] }, {}, false],
    [{ projects: [PROJECT] }, { cwd: `${PROJECT}/packages/a` }, true],
    [{ projects: [PROJECT] }, { cwd: `${PROJECT}2` }, false],
    [{ projects: [PROJECT] }, { cwd: `${PROJECT}/../other` }, false],
    [{ projects: ["web-shop"], doors: ["rest"] }, {}, false],
  ] as [object, Partial<Submission>, boolean][])("%j and a call from %j: %s", (scope, changed, matches) => {
    expect(decide(scoped("allow", scope), call(changed))).toBe(matches ? "allow" : "ask");
    expect(decide(scoped("deny", scope), call(changed))).toBe(matches ? "deny" : "ask");
  });

  test.each([{ projects: ["web-shop"] }, { projects: [PROJECT] }])(
    "of a caller that does not say where it works: a deny for %j asks, and no allow counts against it",
    (scope) => {
      const { cwd: _, project: __, ...unknown } = call({});
      expect(decide(scoped("allow", scope), unknown)).toBe("ask");
      expect(decide([scoped("deny", scope), { decision: "allow", rules: ["Bash(npm test)"] }], unknown)).toBe(
        "ask",
      );
      expect(decide({ decision: "allow", rules: ["Bash(npm test)"] }, unknown)).toBe("allow");
    },
  );

  test("a folder that is a link to another project is not that project", () => {
    const context = { ...CONTEXT, realPath: () => "/home/me/other" };
    expect(decide(scoped("allow", { projects: [PROJECT] }), call({}), context)).toBe("ask");
    expect(decide(scoped("deny", { projects: ["/home/me/other"] }), call({}), context)).toBe("deny");
  });
});
