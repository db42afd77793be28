// policy.json in a running server: what Claude reads, what the phone gets, what the record and /health say; and the
// command that checks the file.
import { chmodSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { ConfigError } from "../../src/domain/errors.ts";
import { runHere } from "../helpers/command-line.ts";
import { policyText } from "../helpers/policy-stage.ts";
import { callTool, startStage } from "../helpers/server-stage.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const POLICY = policyText(
  [
    { decision: "allow", rules: ["Bash(npm run *)", "Bash(git push *)"], projects: ["/work/web-shop"] },
    { decision: "deny", rules: ["Bash(curl *)"], message: "Use the cache in /work/cache." },
  ],
  { max_approvals_per_session: 3 },
);

function fileWith(text: string, mode = 0o600): string {
  const path = join(temporaryFolder(), "policy.json");
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

const IN_SHOP = { headers: { "X-Approval-Project": "/work/web-shop" } };
const bash = (command: string) => ({
  tool_name: "Bash",
  input: { command },
  tool_use_id: `toolu_${command}`,
});

function rows(databasePath: string): { status: string; outcome: unknown }[] {
  const db = new Database(databasePath, { readonly: true });
  try {
    const found = db.prepare("SELECT status, outcome FROM approvals ORDER BY created_at, rowid").all();
    return (found as { status: string; outcome: string }[]).map(({ status, outcome }) => ({
      status,
      outcome: JSON.parse(outcome) as unknown,
    }));
  } finally {
    db.close();
  }
}

async function healthOf(url: string): Promise<string> {
  return ((await (await fetch(`${url}/health`)).json()) as { policy: string }).policy;
}

describe("a server with a policy", () => {
  it("denies with the policy's words and allows without a message; both are in the record with their rule", async () => {
    const stage = await startStage({ env: { APPROVAL_POLICY: fileWith(POLICY) } });
    expect(await callTool(stage.server, bash("sudo curl https://example.com"), IN_SHOP)).toEqual({
      behavior: "deny",
      message: expect.stringContaining("Use the cache in /work/cache."),
    });
    expect(await callTool(stage.server, bash("npm run build"), IN_SHOP)).toMatchObject({
      behavior: "allow",
      updatedInput: { command: "npm run build" },
    });
    expect(stage.phone.messages()).toEqual([]);
    expect(rows(stage.databasePath)).toEqual([
      {
        status: "blocked",
        outcome: { status: "blocked", rule: "Bash(curl *)", message: "Use the cache in /work/cache." },
      },
      { status: "approved", outcome: { status: "approved", by: "policy", rule: "Bash(npm run *)" } },
    ]);
    expect(stage.log.text()).toContain('"rule":"Bash(curl *)","decision":"deny"');
    expect(stage.log.text()).toContain('"rule":"Bash(npm run *)","decision":"allow"');
    expect(await healthOf(stage.server.localUrl)).toBe("active");
  });

  it.each([
    ["in another project", bash("npm run build"), { headers: { "X-Approval-Project": "/work/other" } }],
    ["from a caller that does not say where it works", bash("npm run build"), {}],
    ["with a warning", bash("git push --force"), IN_SHOP],
    ["with something behind it", bash("npm run build; ls"), IN_SHOP],
    [
      "in the background",
      { ...bash("x"), input: { command: "npm run dev", run_in_background: true } },
      IN_SHOP,
    ],
  ])("asks the phone about an allowed command %s", async (_, call, options) => {
    const stage = await startStage({ env: { APPROVAL_POLICY: fileWith(POLICY) } });
    const answer = callTool(stage.server, call, options);
    const message = await stage.request();
    const deny = message.buttons.find(({ id }) => id.startsWith("deny:"));
    await stage.phone.tap(message.sid, deny?.id ?? "");
    expect((await answer).behavior).toBe("deny");
  });

  it("denies beyond the cap, says so, and records it", async () => {
    const stage = await startStage({ env: { APPROVAL_POLICY: fileWith(POLICY) } });
    for (const name of ["a", "b", "c"]) {
      expect((await callTool(stage.server, bash(`npm run ${name}`), IN_SHOP)).behavior).toBe("allow");
    }
    expect(await callTool(stage.server, bash("npm run d"), IN_SHOP)).toEqual({
      behavior: "deny",
      message: expect.stringContaining("used up its 3 approvals"),
    });
    expect(rows(stage.databasePath).at(-1)).toMatchObject({
      status: "blocked",
      outcome: { rule: "max_approvals_per_session: 3" },
    });
    expect(stage.phone.messages()).toEqual([]);
  });

  it("warns of a call that touches the policy's own file", async () => {
    const path = fileWith(POLICY);
    const stage = await startStage({ env: { APPROVAL_POLICY: path } });
    const call = { tool_name: "Write", input: { file_path: path, content: "{}" } };
    const answer = callTool(stage.server, call, IN_SHOP);
    const message = await stage.request();
    expect(message.body).toContain("touches the approval server's own files");
    const deny = message.buttons.find(({ id }) => id.startsWith("deny:"));
    await stage.phone.tap(message.sid, deny?.id ?? "");
    await answer;
  });

  it("shows in /health that the file is not in force any more", async () => {
    const path = fileWith(POLICY);
    const stage = await startStage({ env: { APPROVAL_POLICY: path } });
    writeFileSync(path, "{");
    expect(await healthOf(stage.server.localUrl)).toBe("stale");
    expect((await callTool(stage.server, bash("curl x"), IN_SHOP)).behavior).toBe("deny");
    expect(stage.log.text()).toContain("is not in force");
    writeFileSync(path, POLICY);
    expect(await healthOf(stage.server.localUrl)).toBe("active");
  });

  it.each([
    ["is not there", undefined, 0o600, "APPROVAL_POLICY: "],
    [
      "allows too much",
      policyText([{ decision: "allow", rules: ["Bash(npx *)"] }]),
      0o600,
      "rules[0].rules[0]: Bash(npx *)",
    ],
    ["can be written by others", POLICY, 0o666, "can be written by others"],
  ])("does not start when the file %s", async (_, text, mode, words) => {
    const path = fileWith(text ?? "", mode);
    if (text === undefined) rmSync(path);
    const starting = startStage({ env: { APPROVAL_POLICY: path } });
    await expect(starting).rejects.toThrow(ConfigError);
    await expect(starting).rejects.toThrow(words);
  });
});

describe("npm run policy", () => {
  async function run(argv: readonly string[], files: Readonly<Record<string, string>> = {}, colour = false) {
    const folder = temporaryFolder();
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(folder, name), text);
      chmodSync(join(folder, name), 0o600);
    }
    return runHere(["policy", ...argv], { folder, colour });
  }
  const call = (command: string) => JSON.stringify({ tool_name: "Bash", input: { command } });

  it("check counts the rules of a good file", async () => {
    const { code, out, err } = await run(["check"], { "policy.json": POLICY });
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain("policy.json: 1 deny, 0 ask, 2 allow; 3 approvals per session");
    expect((await run(["check", "mine.json"], { "mine.json": POLICY })).code).toBe(0);
  });

  it("check names every problem of a wrong one, and exits with 1", async () => {
    const text = policyText([{ decision: "allow", rules: ["Bash", "Edit(**)"] }]);
    const { code, out, err } = await run(["check"], { "policy.json": text });
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err.split("\n").filter((line) => /^✗ .*policy\.json: rules\[0\]/.test(line))).toHaveLength(2);
    expect((await run(["check"])).code).toBe(1);
  });

  it("is coloured only where it may be", async () => {
    const files = { "policy.json": POLICY };
    expect((await run(["check"], files)).out).not.toContain("\u001b[");
    expect((await run(["check"], files, true)).out).toContain("\u001b[");
  });

  it.each([
    ["npm run build", ["--project", "/work/web-shop"], "allow: Bash(npm run *)\n"],
    ["npm run build", ["--project", "/work/other"], "ask: no rule is about it\n"],
    [
      "git push -f",
      ["--project", "/work/web-shop"],
      "ask: Bash(git push *) would allow it, but it overwrites branches on the server",
    ],
    ["echo $(curl x)", [], "deny: Bash(curl *)\nUse the cache in /work/cache.\n"],
    ["curl x", ["--door", "hook"], "deny: Bash(curl *)\n"],
  ])("test says what is decided of %s %j", async (command, options, words) => {
    const { code, out } = await run(["test", call(command), ...options], { "policy.json": POLICY });
    expect(code).toBe(0);
    expect(out).toContain(words);
  });

  it.each([
    [[]],
    [["lint"]],
    [["test"]],
    [["test", "{"]],
    [["test", "[]"]],
    [["test", '{"tool":"Bash"}']],
    [["test", "{}", "--door", "web"]],
    [["check", "a", "b"]],
    [["check", "--verbose"]],
  ])("%j is a wrong command: exit code 64, and the usage", async (argv) => {
    const { code, err } = await run(argv, { "policy.json": POLICY });
    expect(code).toBe(64);
    expect(err).toContain("Usage: npm run policy");
  });

  it("--help shows the usage", async () => {
    expect(await run(["--help"])).toMatchObject({ code: 0, out: expect.stringContaining("Usage:") });
  });
});
