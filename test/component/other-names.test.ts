// The same person under another name: numbers that WhatsApp writes otherwise, and users who hide theirs. And what Twilio's
// list leaves out.

import { describe, expect, it } from "vitest";
import { createInbox } from "../../src/channels/twilio/receive/inbox.ts";
import type { Phone } from "../../src/domain/tool-call.ts";
import { PHONE } from "../helpers/gate-stage.ts";
import { createInboxStage } from "../helpers/inbox-stage.ts";
import { BASH_CALL, callTool, startStage } from "../helpers/server-stage.ts";
import { ACCOUNT, SENDER, startWorld } from "../helpers/simulator-world.ts";

const USER_ID = "US.13491208655302741918";
const MINUTE = 60_000;

const call = (command: string) => ({ ...BASH_CALL, input: { command }, tool_use_id: `toolu_${command}` });

describe("an approver whose number WhatsApp writes otherwise", () => {
  it.each([
    ["+525512345678", "+5215512345678"],
    ["+5215512345678", "+5215512345678"],
    ["+541123456789", "+5491123456789"],
    ["+5511987654321", "+551187654321"],
    ["+551187654321", "+551187654321"],
  ])("approves with a tap: %s, which comes from %s", async (configured, shown) => {
    const stage = await startStage({ env: { APPROVAL_PHONE: configured } });
    const answer = callTool(stage.server);
    const { sid } = await stage.request();
    await stage.phone.tap(sid, "approve");
    expect(await answer).toMatchObject({ behavior: "allow" });
    const { phone } = await stage.told("approved: Claude has the answer");
    expect(phone).toBe(configured);
    expect(stage.log.text()).not.toContain(shown);
  });

  it("is not somebody whose number only ends alike", async () => {
    const stage = await startStage({ env: { APPROVAL_PHONE: "+525512345678" } });
    const answer = callTool(stage.server);
    const { sid } = await stage.request();
    await stage.phone.tap(sid, "approve", { shownAs: "+5315512345678" });
    expect(stage.log.text()).toContain("it ends like +525…5678, but begins with +531");
    await stage.phone.tap(sid, "deny");
    expect(await answer).toMatchObject({ behavior: "deny" });
  });
});

describe("an approver who hides the number", () => {
  it("is known from a verified reply that showed it, and from none before", async () => {
    const { server, phone, request, log } = await startStage();
    const first = callTool(server, call("one"));
    const { sid } = await request(0);
    await phone.tap(sid, "approve", { shownAs: USER_ID });
    expect(log.text()).toContain("it hides its number");
    await phone.tap(sid, "approve", { userId: USER_ID });
    expect(await first).toMatchObject({ behavior: "allow" });

    const second = callTool(server, call("two"));
    await phone.tap((await request(1)).sid, "approve", { shownAs: USER_ID });
    expect(await second).toMatchObject({ behavior: "allow" });

    const third = callTool(server, call("three"));
    const { sid: last } = await request(2);
    await phone.tap(last, "approve", { shownAs: "US.666" });
    await phone.tap(last, "approve", { from: "+15005550001", shownAs: "US.666", userId: USER_ID });
    await phone.tap(last, "deny");
    expect(await third).toMatchObject({ behavior: "deny" });
  });

  it("may be named in APPROVAL_PHONE", async () => {
    const { server, phone, request } = await startStage({
      env: { APPROVAL_PHONE: `${PHONE}=whatsapp:${USER_ID}` },
    });
    const answer = callTool(server);
    await phone.tap((await request()).sid, "approve", { shownAs: USER_ID });
    expect(await answer).toMatchObject({ behavior: "allow" });
  });
});

describe("a signed webhook with what Twilio adds or leaves empty", () => {
  it("an empty ButtonPayload does not swallow a typed answer", async () => {
    const { server, phone, request } = await startStage();
    const answer = callTool(server);
    const { body } = await request();
    const params = { ButtonPayload: "", ListId: "", OriginalRepliedMessageSid: "", Unheard: "of" };
    await phone.type(`yes ${/\*Request ID:\* (\w+)/.exec(body)?.[1]}`, { params });
    expect(await answer).toMatchObject({ behavior: "allow" });
  });

  it("somebody else's words that are passed on decide nothing, and that is said", async () => {
    const { server, phone, request, told } = await startStage();
    const answer = callTool(server);
    const { sid, body } = await request();
    const id = /\*Request ID:\* (\w+)/.exec(body)?.[1];
    await phone.type(`APPROVE ${id}`, { params: { Forwarded: "true" } });
    await told("a forwarded message does not count");
    await phone.type("yes", { quote: sid, params: { Forwarded: "true", FrequentlyForwarded: "true" } });
    await phone.type("PANIC", { params: { Forwarded: "true" } });
    await phone.tap(sid, "deny");
    expect(await answer).toMatchObject({ behavior: "deny", message: expect.not.stringContaining("PANIC") });
  });

  it("a reaction and an edit decide nothing", async () => {
    const { server, phone, request, told } = await startStage();
    const answer = callTool(server);
    const { sid } = await request();
    await phone.type("👍", { quote: sid, messageType: "reaction" });
    await phone.type("yes", { quote: sid, messageType: "edit" });
    await told("an edited message does not count");
    await phone.tap(sid, "deny");
    expect(await answer).toMatchObject({ behavior: "deny" });
    expect(phone.messages().filter(({ body }) => body.startsWith("Nothing changed"))).toHaveLength(1);
  });
});

describe("replies that are fetched", () => {
  it("are found under every name of the phone, oldest first, and under no other", async () => {
    const phone = "+525512345678" as Phone;
    let now = Date.UTC(2026, 0, 1);
    const { simulator, client } = await startWorld({ phones: [phone], now: () => now });
    for (const [text, options] of [
      ["one", {}],
      ["two", { shownAs: USER_ID }],
      ["three", { shownAs: phone }],
      ["a stranger's", { from: "+15005550001" }],
      ["another user's", { shownAs: "US.666" }],
      ["four", {}],
    ] as const) {
      await simulator.type(text, options);
      now += 1_000;
    }
    const common = { api: client.messages, accountSid: ACCOUNT, from: SENDER };
    const texts = async (inbox: ReturnType<typeof createInbox>) =>
      (await inbox.since(phone, now - MINUTE)).map(({ from, text }) => [from, text]);
    expect(await texts(createInbox(common))).toEqual(["one", "three", "four"].map((text) => [phone, text]));
    const sendersOf = () => [phone, "+5215512345678", USER_ID];
    expect(await texts(createInbox({ ...common, sendersOf }))).toEqual(
      ["one", "two", "three", "four"].map((text) => [phone, text]),
    );
  });

  it.each([
    ["a text", { body: null }],
    ["the time of sending", { date_sent: null }],
    ["any time", { date_sent: null, date_created: null }],
    ["everything that may be missing", { body: null, date_sent: null, date_created: null, error_code: null }],
  ])("without %s do not keep the others from being read", async (_, change) => {
    const stage = await createInboxStage();
    await stage.store.recordContact(PHONE, stage.clock.now() - MINUTE, false);
    const reader = await stage.createReader();
    const started = reader.start();
    await stage.settle();
    await started;
    const { answer, id } = await waitingRequest(stage);
    reader.changed();
    await stage.simulator.type("hello");
    stage.simulator.alter(stage.simulator.messages().at(-1)?.sid ?? "", change);
    await stage.simulator.type(`deny ${id} not now`);
    await stage.tick(2_000);
    expect((await answer).outcome).toMatchObject({ status: "denied", reason: "not now" });
    expect(stage.log.text()).not.toContain("could not be read");
  });
});

describe("a new user's first tap, just after a restart", () => {
  it("is answered by the first reading, and not again when its webhook comes", async () => {
    const stage = await createInboxStage();
    const { id } = await waitingRequest(stage);
    const message = await stage.sendButtons(id, "plain");
    await stage.simulator.tap(message, "approve");
    const { sid, body: text } = stage.simulator.messages().at(-1) ?? { sid: "", body: "" };
    await stage.store.cancelPending(stage.clock.now());
    await stage.stopStage();
    await stage.clock.advance(1_000);
    const reader = await stage.createReader({ hasWebhook: true });
    const started = reader.start();
    await stage.settle();
    await started;
    expect(stage.told).toEqual([{ to: PHONE, text: expect.stringContaining("it did not count") }]);
    // And once only, whichever way it comes again.
    await reader.replyHandler.receive({ id: sid, from: PHONE, text, buttonId: `approve:${id}` });
    const again = (await stage.createReader({ hasWebhook: true })).start();
    await stage.settle();
    await again;
    expect(stage.told).toHaveLength(1);
  });
});

async function waitingRequest(stage: Awaited<ReturnType<typeof createInboxStage>>) {
  const answer = stage.gate.request({ call: { toolName: "Bash", input: { command: "ls" } }, door: "mcp" });
  await stage.clock.advance(0);
  return { answer, id: stage.id() };
}
