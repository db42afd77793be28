// The simulated Agent Platform is true to what is known of the real one: its sequence, its limits, its refusals.
import { describe, expect, it, onTestFinished } from "vitest";
import type { PlatformOptions } from "../../src/simulator/agent/contract.ts";
import { createAgentPlatform } from "../../src/simulator/agent/create-agent-platform.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";

const KEY = `WAAV${"-simulated-key"}`;
const USER = "user:111222333";

async function start(options: Partial<PlatformOptions> = {}) {
  const clock = createFakeClock();
  const platform = await createAgentPlatform({ key: KEY, clock, ...options });
  onTestFinished(() => platform.close());
  async function call(
    path: string,
    body?: object,
    headers: Record<string, string> = { authorization: `Bearer ${KEY}` },
  ) {
    const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    const response = await fetch(`${platform.url}/agent/v1/${path}`, { ...init, headers });
    const text = await response.text();
    return {
      status: response.status,
      text,
      headers: response.headers,
      json: text === "" ? {} : JSON.parse(text),
    };
  }
  const send = (more: object = {}) =>
    call("messages", {
      messaging_product: "whatsapp",
      to: USER,
      type: "text",
      text: { body: "hello" },
      ...more,
    });
  const mark = (more: object = {}) =>
    call("statuses", { messaging_product: "whatsapp", status: "read", ...more });
  const poll = (query = "offset=0&timeout=0") => call(`updates?${query}`);
  return { clock, platform, call, send, mark, poll };
}

const error = (status: number, code: number) => ({
  status,
  json: { error: { code, type: "OAuthException" } },
});

describe("the simulated platform", () => {
  it("knows its key: none, a wrong one, an old one", async () => {
    const { call, platform } = await start();
    expect(await call("updates?timeout=0", undefined, {})).toMatchObject(error(401, 190));
    expect(await call("updates?timeout=0", undefined, { authorization: "Bearer x" })).toMatchObject(
      error(400, 100),
    );
    platform.rotateKey("another");
    expect(await call("updates?timeout=0")).toMatchObject(error(400, 100));
    expect(await call("nothing")).toMatchObject({ status: expect.any(Number) });
  });

  it("brings messages and receipts of one sequence, from a place on that no number holds", async () => {
    const { platform, poll, send } = await start();
    platform.write("one");
    await send();
    const first = await poll();
    expect(first.text).toContain('"next_offset":9007199254740995');
    const { messages, statuses, contacts } = first.json.entry[0].changes[0].value;
    expect(messages).toMatchObject([{ from: USER, id: "wamid.IN1", type: "text", text: { body: "one" } }]);
    expect(statuses).toMatchObject([{ id: "wamid.OUT2", status: "delivered", recipient_id: USER }]);
    expect(contacts).toEqual([{ wa_id: USER, profile: { name: "Ada" } }]);
    expect((await poll("offset=0&timeout=0&limit=1")).text).toContain('"next_offset":9007199254740994');
    expect((await poll("offset=-7&timeout=-7&limit=0")).text).toContain('"next_offset":9007199254740995');
    expect((await poll("offset=9007199254740995&timeout=0")).status).toBe(204);
    expect((await poll("timeout=0")).status).toBe(204);
    expect(await poll("offset=x")).toMatchObject(error(400, 131_009));
    platform.switches.idleStatus = 200;
    expect(await poll("timeout=0")).toMatchObject({ status: 200, text: "" });
  });

  it("holds a poll for 25 s at most, ends it at news, and ends the older of two", async () => {
    const { platform, poll, clock } = await start();
    const held = poll("offset=0&timeout=99");
    await expect.poll(platform.openPolls).toBe(1);
    await clock.advance(24_999);
    expect(platform.openPolls()).toBe(1);
    await clock.advance(1);
    expect((await held).status).toBe(204);
    const older = poll("offset=0&timeout=25");
    await expect.poll(platform.openPolls).toBe(1);
    const newer = poll("offset=0&timeout=25");
    expect(await older).toMatchObject(error(409, 1_752_041));
    platform.write("news");
    expect((await newer).status).toBe(200);
    expect(platform.openPolls()).toBe(0);
  });

  it("forgets what is marked as read, where it is set to, and never receipts", async () => {
    const { platform, poll, mark, send } = await start();
    const id = platform.write("one");
    await send();
    expect((await mark({ message_id: id, typing_indicator: { type: "text" } })).json).toEqual({
      success: true,
    });
    expect((await poll()).json.entry[0].changes[0].value).toMatchObject({ messages: [], statuses: [{}] });
    platform.switches.forgetsRead = false;
    const kept = platform.write("two");
    await mark({ message_id: kept });
    expect((await poll()).json.entry[0].changes[0].value.messages).toHaveLength(1);
    expect(platform.chat()).toMatchObject([{ isTyping: true }, {}, { isTyping: false, state: "read" }]);
  });

  it("refuses marks of what the agent did not receive, as it is set to, and other signs", async () => {
    const { platform, mark } = await start();
    expect(await mark({ message_id: "wamid.X" })).toMatchObject(error(403, 131_005));
    platform.switches.foreignRead = 400;
    expect(await mark({ message_id: "wamid.X" })).toMatchObject(error(400, 131_009));
    const id = platform.write("one");
    expect(await mark({ message_id: id, status: "seen" })).toMatchObject(error(400, 131_009));
    expect(await mark({ message_id: id, typing_indicator: { type: "audio" } })).toMatchObject(
      error(400, 131_009),
    );
  });

  it("counts each kind of call in a rolling minute", async () => {
    const { platform, send, mark, clock } = await start();
    for (let at = 0; at < 12; at += 1) expect((await send()).status).toBe(200);
    const refused = await send();
    expect(refused).toMatchObject(error(429, 130_429));
    expect(refused.headers.get("retry-after")).toBeNull();
    expect((await mark({ message_id: "wamid.X" })).status).toBe(403);
    platform.switches.retryAfterSeconds = 9;
    expect((await send()).headers.get("retry-after")).toBe("9");
    await clock.advance(60_000);
    expect((await send()).status).toBe(200);
  });

  it("refuses what it cannot send", async () => {
    const { platform, send, call } = await start({ switches: { hasLimits: false } });
    expect((await send({ text: { body: "x".repeat(4_096) } })).status).toBe(200);
    const tooLong = await send({ text: { body: "x".repeat(4_097) } });
    expect(tooLong).toMatchObject(error(400, 100));
    expect(tooLong.json.error).toMatchObject({ message: "text.body" });
    expect(tooLong.json.error.error_data).toBeUndefined();
    for (const more of [
      { to: "+15005550006" },
      { type: "interactive" },
      { text: {} },
      { messaging_product: "sms" },
      { context: { message_id: "mid.1" } },
      { context: { message_id: "wamid.MADEUP" } },
      { type: "document", document: { id: "none" } },
    ])
      expect(await send(more)).toMatchObject(error(400, 131_009));
    expect(await send({ to: "user:999" })).toMatchObject(error(403, 131_005));
    expect(await call("messages", [])).toMatchObject({ status: 400 });
    platform.changeUser("user:999");
    expect(await send()).toMatchObject(error(403, 131_005));
    expect((await send({ to: "user:999" })).status).toBe(200);
  });

  it("goes wrong as it is told to: taken or not, reset, late, twice, the wrong way round", async () => {
    const { platform, send, poll } = await start();
    platform.fail(
      "messages",
      { status: 500, isTaken: true },
      { status: 500 },
      { isTaken: true },
      { status: 503, code: 131_016 },
    );
    expect((await send()).status).toBe(500);
    expect(platform.chat()).toHaveLength(1);
    expect((await send()).status).toBe(500);
    expect(platform.chat()).toHaveLength(1);
    await expect(send()).rejects.toThrow();
    expect(platform.chat()).toHaveLength(2);
    expect(await send()).toMatchObject(error(503, 131_016));
    const statuses = async () =>
      (await poll()).json.entry?.[0].changes[0].value.statuses.map(
        ({ status }: { status: string }) => status,
      );
    expect(await statuses()).toEqual(["delivered", "delivered"]);
    platform.switches.receipts = "late";
    await send();
    expect(await statuses()).toHaveLength(2);
    platform.releaseReceipts();
    platform.switches.receipts = "reversed";
    await send();
    expect(await statuses()).toEqual(["delivered", "delivered", "delivered", "read", "delivered"]);
    let changes = 0;
    const stop = platform.onChange(() => {
      changes += 1;
    });
    platform.react("wamid.OUT1", "👍");
    stop();
    platform.read();
    expect(changes).toBe(1);
    expect(platform.chat().every(({ state }) => state === "read")).toBe(true);
    expect(platform.chat()[0]?.reaction).toBe("👍");
  });
});
