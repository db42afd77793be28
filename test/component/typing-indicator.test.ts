// The sign that takes the place of a confirmation: the real SDK against the simulated Twilio, and one that refuses.
import { describe, expect, it } from "vitest";
import { createTypingIndicator } from "../../src/channels/twilio/send/typing-indicator.ts";
import type { Phone } from "../../src/domain/tool-call.ts";
import { callTool, startStage } from "../helpers/server-stage.ts";
import { createKeptLog } from "../helpers/silent-log.ts";
import { openEvents } from "../helpers/simulator-events.ts";
import { OTHER_PHONE, PHONE, rejection, startWorld } from "../helpers/simulator-world.ts";

const UNKNOWN = `SM${"0".repeat(32)}`;

describe("the simulated Twilio", () => {
  it("marks the phone's message as read and tells the page of that phone", async () => {
    const { simulator, client } = await startWorld();
    await simulator.type("hello");
    const [message] = simulator.messages();
    const events = await openEvents(`${simulator.url}/phone/events?phone=${encodeURIComponent(PHONE)}`);
    const others = await openEvents(`${simulator.url}/phone/events?phone=${encodeURIComponent(OTHER_PHONE)}`);
    const made = await client.messaging.v2.typingIndicator.create({
      channel: "whatsapp",
      messageId: message?.sid ?? "",
    });
    expect(made.success).toBe(true);
    expect(await events.until(({ event }) => event === "typing")).toMatchObject({ data: { forMs: 25_000 } });
    expect(simulator.messages()[0]?.isRead).toBe(true);
    await simulator.type("to the other", { from: OTHER_PHONE });
    expect((await others.until(({ event }) => event !== "state")).event).toBe("message");
    for (const each of [events, others]) each.close();
  });

  it.each([
    ["a message that it does not have", { channel: "whatsapp", messageId: UNKNOWN }, 404],
    ["another channel", { channel: "sms", messageId: UNKNOWN }, 400],
    ["what is no message", { channel: "whatsapp", messageId: "keep-open" }, 400],
  ])("refuses %s", async (_, params, status) => {
    const { client } = await startWorld();
    expect(await rejection(client.messaging.v2.typingIndicator.create(params))).toMatchObject({ status });
  });

  it("refuses a message that it sent itself, and whoever has no account there", async () => {
    const { simulator, client } = await startWorld();
    const { sid } = await client.messages.create({
      to: `whatsapp:${PHONE}`,
      from: "whatsapp:+14155238886",
      body: "x",
    });
    const create = client.messaging.v2.typingIndicator.create({ channel: "whatsapp", messageId: sid });
    expect(await rejection(create)).toMatchObject({ status: 404 });
    expect((await fetch(`${simulator.url}/v2/Indicators/Typing.json`, { method: "POST" })).status).toBe(401);
  });
});

describe("the sign", () => {
  it("is silent when Twilio refuses it, and says so once in the debug log", async () => {
    const { client } = await startWorld();
    const log = createKeptLog();
    const sign = createTypingIndicator(client, log);
    sign.show(UNKNOWN, PHONE as Phone);
    sign.show(UNKNOWN, PHONE as Phone);
    sign.show("in-1", PHONE as Phone);
    await expect.poll(() => log.entries).toHaveLength(1);
    // A later call is over by then.
    await client.messages.list({ limit: 1 });
    expect(log.entries).toMatchObject([{ level: "debug" }]);
  });
});

describe("a server with CONFIRM=problems", () => {
  it("sends no confirmation of a tap that went well, and marks it as read", async () => {
    const { server, phone, request, log } = await startStage({ env: { CONFIRM: "problems" } });
    const answer = callTool(server);
    const { sid } = await request();
    await phone.tap(sid, "approve");
    expect(await answer).toMatchObject({ behavior: "allow" });
    await phone.waitForMessage(({ direction, isRead }) => direction === "from-phone" && isRead === true);
    await phone.tap(sid, "deny");
    const told = await phone.waitForMessage(
      ({ direction, body }) => direction === "to-phone" && !body.includes("Request"),
    );
    expect(told.body).toContain("already approved");
    expect(log.entries.filter(({ level }) => level !== "info")).toEqual([]);
  });

  it("confirms everything by default, and shows no sign", async () => {
    const { server, phone, request, told } = await startStage();
    const answer = callTool(server);
    await phone.tap((await request()).sid, "approve");
    await answer;
    await told("approved: Claude has the answer");
    expect(phone.messages().some(({ isRead }) => isRead)).toBe(false);
  });
});
