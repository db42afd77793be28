// `status` and `log`: what they say of a running server, and what of one that is down.
import { mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { describe, expect, it, vi } from "vitest";
import { startChannelStage, TELEGRAM } from "../helpers/channel-stage.ts";
import { runHere } from "../helpers/command-line.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { PATIENCE_MS } from "../helpers/patience.ts";
import { BASH_CALL, callTool, type ServerStage, startStage } from "../helpers/server-stage.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

function settings({ server, databasePath }: Pick<ServerStage, "server" | "databasePath">) {
  return { SERVER_PORT: new URL(server.localUrl).port, APPROVAL_DB: databasePath };
}

async function ask(stage: ServerStage, command: string) {
  const count = stage.phone.messages().filter(({ buttons }) => buttons.length > 0).length;
  const answer = callTool(stage.server, { ...BASH_CALL, input: { command }, tool_use_id: command });
  const { sid, body } = await stage.request(count);
  return { sid, answer, id: /\*Request ID:\* ([a-z]{5})/.exec(body)?.[1] ?? "" };
}

async function decide(
  stage: ServerStage,
  verb: "approve" | "deny",
  command: string,
  meanwhile: () => void = () => {},
) {
  const { sid, answer, id } = await ask(stage, command);
  meanwhile();
  await stage.phone.tap(sid, verb);
  await answer;
  await stage.told(`${id} ${verb === "approve" ? "approved" : "denied"}`);
  return id;
}

describe("log", () => {
  it("lists what was asked, oldest first, and narrows it", async () => {
    const clock = createFakeClock(Date.now());
    const stage = await startStage({ deps: { clock } });
    const env = settings(stage);
    const one = await decide(stage, "approve", "echo apples", () => clock.pass(7_000));
    const two = await decide(stage, "deny", "echo pears\nrm -rf /");
    const { code, out } = await runHere(["log"], { env });
    expect(code).toBe(0);
    const [first = "", second = ""] = out.split("\n");
    expect(first).toMatch(
      new RegExp(
        `^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d  ${one}  approved   7 s  Bash  echo apples  \\(approved by …\\d{4}\\)$`,
      ),
    );
    expect(second).toContain("echo pears … (2 lines)");
    const only = async (...args: string[]) => (await runHere(["log", ...args], { env })).out;
    expect(await only("--status", "denied")).toContain(two);
    expect(await only("--status", "denied")).not.toContain(one);
    expect(await only("--limit", "1")).not.toContain(one);
    expect(await only("--since", "1h", "--tool", "Bash", "--door", "mcp")).toBe(out);
    expect(await only("--until", "yesterday")).toBe("");
    const none = await runHere(["log", "--project", "none"], { env });
    expect(none).toMatchObject({ code: 0, out: "", err: "No request in the record matches.\n" });
  });

  it("prints one JSON object a line, in which nothing moves a terminal's cursor", async () => {
    const stage = await startStage();
    const command = "echo \u001b[2J\u202e\u009b31m\u{e0041}";
    const id = await decide(stage, "deny", command);
    const { out } = await runHere(["log", "--json"], { env: settings(stage) });
    expect(out.trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(JSON.parse(out)).toMatchObject({ id, status: "denied", door: "mcp", input: { command } });
    const shown = await runHere(["log"], { env: settings(stage), colour: true });
    expect(shown.out).toContain("echo ⟨U+001B⟩[2J⟨U+202E⟩⟨U+009B⟩31m⟨U+E0041⟩");
  });

  it("fits the terminal, whatever the width of the letters", async () => {
    const stage = await startStage();
    await decide(stage, "deny", `echo ${"字".repeat(100)}`);
    await decide(stage, "deny", `echo ${"x".repeat(200)}`);
    const stdout = Object.assign(new PassThrough(), { columns: 80 });
    const { out } = await runHere(["log"], { env: settings(stage), stdout });
    for (const line of out.trimEnd().split("\n")) {
      expect([...line].reduce((width, letter) => width + (letter === "字" ? 2 : 1), 0)).toBeLessThanOrEqual(
        80,
      );
      expect(line).toMatch(/…$/);
    }
  });

  it("reads the database when the server is down, and leaves it as it was", async () => {
    const stage = await startStage();
    const id = await decide(stage, "deny", "echo apples");
    await stage.server.close();
    const before = readFileSync(stage.databasePath);
    const env = settings(stage);
    const { code, out, err } = await runHere(["log", "--status", "denied"], { env });
    expect(err).toBe(`The server is not running: read from ${stage.databasePath}.\n`);
    expect(out).toContain(id);
    expect(code).toBe(0);
    expect(readFileSync(stage.databasePath).equals(before)).toBe(true);
    // SQLite makes the file of its log, with nothing in it.
    expect(statSync(`${stage.databasePath}-wal`, { throwIfNoEntry: false })?.size ?? 0).toBe(0);
    const follow = await runHere(["log", "--follow"], { env });
    expect(follow).toMatchObject({
      code: 1,
      err: expect.stringContaining(`not running at 127.0.0.1:${env.SERVER_PORT}`),
    });
    const none = await runHere(["log"], { env: { ...env, APPROVAL_DB: `${stage.databasePath}.gone` } });
    expect(none.code).toBe(1);
    expect(none.err).toContain("APPROVAL_DB");
    const again = await startStage({ env: { APPROVAL_DB: stage.databasePath } });
    expect((await runHere(["log"], { env: settings(again) })).out).toContain(id);
  });

  it("reads the database of its settings' folder, whatever folder it is called in, and says that it did", async () => {
    const folder = temporaryFolder();
    const databasePath = join(folder, "data", "approvals.db");
    mkdirSync(join(folder, "data"));
    const stage = await startStage({ env: { APPROVAL_DB: databasePath } });
    const id = await decide(stage, "deny", "echo apples");
    const { SERVER_PORT } = settings(stage);
    await stage.server.close();
    const read = await runHere(["log"], { folder, env: { SERVER_PORT } });
    expect(read).toMatchObject({ code: 0, out: expect.stringContaining(id) });
    expect(read.err).toContain(`not running: read from ${databasePath}`);
    const elsewhere = await runHere(["log"], { folder: temporaryFolder(), env: { SERVER_PORT } });
    expect(elsewhere).toMatchObject({ code: 1, out: "" });
  });

  it("follows: what is asked and what ends, each once, until it is interrupted", async () => {
    const stage = await startStage();
    const env = settings(stage);
    const old = await decide(stage, "approve", "echo before");
    const interrupted = new AbortController();
    let out = "";
    const following = runHere(["log", "--follow"], {
      env,
      signal: interrupted.signal,
      out: (text) => {
        out += text;
      },
    });
    await vi.waitFor(() => expect(out).toContain(old), { timeout: PATIENCE_MS });
    const { sid, answer, id } = await ask(stage, "echo now");
    await vi.waitFor(() => expect(out).toMatch(new RegExp(`${id}  waiting`)), { timeout: PATIENCE_MS });
    await stage.phone.tap(sid, "deny");
    await answer;
    await vi.waitFor(() => expect(out).toMatch(new RegExp(`${id}  denied`)), { timeout: PATIENCE_MS });
    interrupted.abort();
    expect((await following).code).toBe(0);
    const ids = out
      .trimEnd()
      .split("\n")
      .map((line) => line.slice(18, 23));
    expect(ids).toEqual([old, id, id]);
  });

  it.each([
    ["--since", "soon"],
    ["--since", "5"],
    ["--until", "2026-02-31"],
    ["--limit", "0"],
    ["--limit", "many"],
    ["--status", "maybe"],
  ])("is called wrongly with %s %s", async (flag, value) => {
    const { code, err, out } = await runHere(["log", flag, value]);
    expect(code).toBe(64);
    expect(err).toContain(flag);
    expect(out).toBe("");
  });
});

describe("status", () => {
  it("says how the server stands, and how long what waits has left", async () => {
    const stage = await startStage();
    const env = settings(stage);
    const { sid, answer, id } = await ask(stage, "echo apples");
    // The phone has it before Twilio's answer has come back.
    const isSent = async () => (await runHere(["status"], { env })).out.includes("1 sent today");
    await expect.poll(isSent).toBe(true);
    const { code, out } = await runHere(["status"], { env });
    expect(code).toBe(0);
    expect(out).toMatch(/^Server +up for \d+ s at http:\/\/127\.0\.0\.1:\d+, version 0\.0\.0-test$/m);
    expect(out).toMatch(/^Mode +requests are sent to the phone$/m);
    expect(out).toMatch(/^Messages +1 sent today, 1 this month \(simulated\)$/m);
    expect(out).toMatch(new RegExp(`${id}: Bash: echo apples \\(\\d+ (?:s|min) left\\)`));
    const json = await runHere(["status", "--json"], { env });
    expect(JSON.parse(json.out)).toMatchObject({
      running: true,
      well: true,
      waiting: [{ id }],
      grants: [],
      mode: { kind: "open" },
    });
    await stage.phone.tap(sid, "deny");
    await answer;
    await stage.phone.type("PANIC");
    await vi.waitFor(async () => expect((await runHere(["status"], { env })).code).toBe(1), {
      timeout: PATIENCE_MS,
    });
    expect((await runHere(["status"], { env })).out).toMatch(/panic by …\d{4}: everything is denied/);
  });

  it("says of each channel how many chats are bound, and that nobody may approve where there is none", async () => {
    const bound = await startChannelStage({
      channels: "telegram,whatsapp-agent",
      bound: { [TELEGRAM]: "ada" },
    });
    const one = await runHere(["status"], { env: settings(bound) });
    expect(one).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^Phone +Telegram: 1 chat bound, \w+$/m),
    });
    expect(one.out).toMatch(/^Phone +WhatsApp \(agent\): nobody is bound, \w+$/m);
    expect(one.out).toMatch(/^Mode +requests are sent to the phone$/m);
    const unbound = await startChannelStage({ channels: "telegram", bound: {} });
    const none = await runHere(["status"], { env: settings(unbound) });
    expect(none.code).toBe(1);
    expect(none.out).toMatch(/^Mode +nobody may approve yet: everything that asks is denied$/m);
    const { out } = await runHere(["status", "--json"], { env: settings(unbound) });
    expect(JSON.parse(out)).toMatchObject({ running: true, well: false });
  });

  it("says that it is down, for people and for programs", async () => {
    const stage = await startStage();
    await stage.server.close();
    const env = settings(stage);
    expect(await runHere(["status"], { env })).toMatchObject({
      code: 1,
      err: expect.stringContaining("not running"),
    });
    const { code, out } = await runHere(["status", "--json"], { env });
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ running: false, well: false });
  });
});
