// What Claude Code would ask about, as measured with 2.1.329, and what its rules take out of that. In doubt it asks nobody: then the
// call is not held ahead of its own step.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findRules } from "../../src/parked/find-rules.ts";
import { wouldAsk } from "../../src/parked/own-rules.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const NONE = { allow: [], deny: [] };
const bash = (command: string) => ({ toolName: "Bash", input: { command } });
const asks = (command: string, allow: readonly string[] = [], mode?: string) =>
  wouldAsk(bash(command), mode, { allow, deny: [] });

describe("a command", () => {
  it.each([
    ..."git push|git fetch|npm test|node -e 1|python3 -c 1|curl https://example.com|rm f.txt|mkdir d|touch a.txt|sudo ls|bash -c ls|kill 1|make".split(
      "|",
    ),
    "echo hi > f2.txt",
    "ls && rm z",
    "cat f.txt | tee z",
    "ls; touch z",
  ])("that asks: %s", (command) => {
    expect(asks(command)).toBe(true);
  });

  it.each([
    ..."ls -la|cat f.txt|grep x f.txt|git status|git log|git diff|echo hi|pwd|node --version|docker ps|wc -l f.txt|ls 2>/dev/null".split(
      "|",
    ),
    "ls | wc -l",
    "cd sub && ls",
  ])("that Claude Code runs unasked: %s", (command) => {
    expect(asks(command)).toBe(false);
  });

  it.each([
    ["npm test", "Bash(npm test)"],
    ["npm test -- --watch", "Bash(npm test:*)"],
    ["npm run build", "Bash(npm run *)"],
    ["cd x && npm publish", "Bash(npm publish)"],
    ["rm x", "Bash"],
    ["rm x", "*"],
  ])("that a rule may allow asks nobody: %s by %s", (command, rule) => {
    expect(asks(command, [rule])).toBe(false);
    expect(wouldAsk(bash(command), "default", { allow: [], deny: [rule] })).toBe(false);
  });

  it("asks where the rules are about others", () => {
    expect(asks("npm publish", ["Bash(npm test:*)", "Edit", "mcp__x", "Read(//etc/**)"])).toBe(true);
  });
});

describe("the mode", () => {
  it.each(["bypassPermissions", "plan", "auto", "dontAsk", "somethingNew"])("%s asks nobody", (mode) => {
    expect(asks("npm publish", [], mode)).toBe(false);
  });

  it("acceptEdits allows files and what moves them, and nothing else", () => {
    expect(wouldAsk({ toolName: "Write", input: { file_path: "/a" } }, "acceptEdits", NONE)).toBe(false);
    expect(asks("mkdir d", [], "acceptEdits")).toBe(false);
    expect(asks("npm publish", [], "acceptEdits")).toBe(true);
  });
});

describe("another tool", () => {
  it.each([
    ["Write", true],
    ["Edit", true],
    ["NotebookEdit", true],
    ["WebSearch", true],
    ["mcp__github__create_issue", true],
    ["mcp__approval-server__request_approval", false],
    ["mcp__plugin_approvals_approval-server__request_approval", false],
    ["WebFetch", false],
    ["Read", false],
    ["AskUserQuestion", false],
    ["ExitPlanMode", false],
    ["Agent", false],
  ])("%s: %s", (toolName, expected) => {
    expect(wouldAsk({ toolName, input: {} }, "default", NONE)).toBe(expected);
  });

  it.each(["mcp__github", "mcp__github__*", "mcp__github__create_issue"])("is allowed by %s", (rule) => {
    const call = { toolName: "mcp__github__create_issue", input: {} };
    expect(wouldAsk(call, "default", { allow: [rule], deny: [] })).toBe(false);
  });
});

describe("the rules", () => {
  const stage = () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, ".claude"));
    const write = (name: string, text: string) => writeFileSync(join(folder, ".claude", name), text);
    const find = (...words: string[]) =>
      findRules({ folder, shared: [join(folder, "none.json")], words: ["claude", ...words] });
    return { folder, write, find };
  };

  it("are those of the settings and of the flags", async () => {
    const { write, find } = stage();
    write("settings.json", '{"permissions":{"allow":["Bash(make)"],"deny":["WebSearch"]}}');
    write("settings.local.json", '{"permissions":{"allow":["Edit"]}}');
    expect(
      await find(
        "--allowedTools",
        "Bash(npm test:*),Read",
        "Write",
        "-p",
        "go",
        "--settings",
        '{"permissions":{"allow":["mcp__x"]}}',
      ),
    ).toEqual({
      allow: ["Bash(make)", "Edit", "mcp__x", "Bash(npm test:*)", "Read", "Write"],
      deny: ["WebSearch"],
    });
    expect(await find("--allowed-tools=Bash", "--disallowedTools", "Edit")).toMatchObject({
      allow: expect.arrayContaining(["Bash"]),
      deny: ["WebSearch", "Edit"],
    });
  });

  it("are not known where a file cannot be read, the process cannot be seen, or all checks are off", async () => {
    const { folder, write, find } = stage();
    expect(await findRules({ folder, shared: [], words: undefined })).toBeUndefined();
    expect(await find("--dangerously-skip-permissions")).toBeUndefined();
    write("settings.json", "{not json");
    expect(await find()).toBeUndefined();
  });
});
