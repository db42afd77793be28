// `--json`: one object on standard output, for programs; the same exit codes as without it.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runHere } from "../helpers/command-line.ts";
import { startStage } from "../helpers/server-stage.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

function folderWith(policy: object): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "policy.json"), JSON.stringify(policy), { mode: 0o600 });
  return folder;
}
const group = (decision: string, rules: string[], more: object = {}) => ({ decision, rules, ...more });

/** Its standard output is one line of JSON, and its standard error is empty. */
async function json(argv: readonly string[], more: Parameters<typeof runHere>[1] = {}) {
  const { code, out, err } = await runHere([...argv, "--json"], more);
  expect(err).toBe("");
  expect(out).toMatch(/^\{.*\}\n$/);
  return { code, value: JSON.parse(out) as unknown };
}

describe("policy check --json", () => {
  it("says that the file is good", async () => {
    const folder = folderWith({ version: 1, rules: [group("deny", ["WebFetch"])] });
    expect(await json(["policy", "check"], { folder })).toEqual({
      code: 0,
      value: { ok: true, path: join(folder, "policy.json"), problems: [] },
    });
  });

  it("names every problem, and fails", async () => {
    const folder = folderWith({ version: 2, rule: [] });
    const { code, value } = await json(["policy", "check"], { folder });
    expect(code).toBe(1);
    expect(value).toMatchObject({
      ok: false,
      problems: [expect.stringContaining("version"), expect.any(String)],
    });
  });

  it("has a missing file as a problem", async () => {
    const folder = temporaryFolder();
    const { code, value } = await json(["policy", "check"], { folder });
    expect(code).toBe(1);
    expect(value).toMatchObject({
      ok: false,
      problems: [`${join(folder, "policy.json")} does not exist: without one, everything asks`],
    });
  });
});

describe("policy test --json", () => {
  const folder = () =>
    folderWith({
      version: 1,
      rules: [
        group("deny", ["WebFetch"], { message: "Not here." }),
        group("allow", ["Bash(npm test)", "Bash(git push *)"]),
      ],
    });
  const call = (tool_name: string, input: object) => JSON.stringify({ tool_name, input });

  it.each([
    [call("WebFetch", { url: "https://example.com" }), { decision: "deny", message: "Not here." }],
    [
      call("Bash", { command: "npm test" }),
      { decision: "allow", rule: expect.stringContaining("Bash(npm test)") },
    ],
    [call("Bash", { command: "git push --force" }), { decision: "ask", reason: expect.any(String) }],
    [call("Read", { file_path: "/x" }), { decision: "ask" }],
  ])("of %s", async (text, expected) => {
    const { code, value } = await json(["policy", "test", text, "--project", "/work/web-shop"], {
      folder: folder(),
    });
    expect(code).toBe(0);
    expect(value).toMatchObject(expected);
  });
});

it("policy test --json names the problems of the file", async () => {
  const folder = folderWith({ version: 2 });
  const { code, value } = await json(["policy", "test", '{"tool_name":"Read"}'], { folder });
  expect(code).toBe(1);
  expect(value).toEqual({ path: join(folder, "policy.json"), problems: ["version: must be 1"] });
});

describe("of the running server", () => {
  it("resume says what held before", async () => {
    const { server, phone, told, log } = await startStage();
    const env = { SERVER_PORT: new URL(server.localUrl).port };
    await phone.type("panic");
    await told("Stopped: everything that waited was denied");
    expect(await json(["resume"], { env })).toEqual({ code: 0, value: { before: "panic", recorded: true } });
    const resumed = () => log.entries.filter(({ message }) => message.startsWith("requests are asked again"));
    expect(resumed()).toHaveLength(1);
    expect(await json(["resume"], { env })).toEqual({ code: 0, value: { before: "open", recorded: true } });
    expect(resumed()).toHaveLength(1);
  });

  it("demo prints what Claude Code would read", async () => {
    const { server, phone, request } = await startStage();
    const demo = json(["demo"], { env: { SERVER_PORT: new URL(server.localUrl).port } });
    await phone.tap((await request()).sid, "deny");
    expect(await demo).toMatchObject({ code: 0, value: { behavior: "deny" } });
  });

  it("demo says to a person what to do next", async () => {
    const { server, phone, request } = await startStage();
    const demo = runHere(["demo"], { env: { SERVER_PORT: new URL(server.localUrl).port } });
    await phone.tap((await request()).sid, "approve");
    const { code, out } = await demo;
    expect(code).toBe(0);
    const [read = "", next = ""] = out.split("\nNext:\n");
    expect(read).toContain('Claude Code would read:\n{"behavior":"allow"');
    for (const command of ["npm start", "npm run hooks -- install", "npm run setup"])
      expect(next).toContain(command);
  });

  it("demo that is interrupted ends with 130, and in words that say so", async () => {
    const { server, request } = await startStage();
    const interrupted = new AbortController();
    const demo = runHere(["demo"], {
      env: { SERVER_PORT: new URL(server.localUrl).port },
      signal: interrupted.signal,
    });
    await request();
    interrupted.abort("SIGINT");
    expect(await demo).toMatchObject({ code: 130, err: expect.stringMatching(/^Interrupted: /) });
  });
});
