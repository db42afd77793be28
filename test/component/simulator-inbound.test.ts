// The way in: taps and texts become signed webhooks with the fields of the real ones; the answers take their effect.
import { expect, test } from "vitest";
import {
  ACCOUNT,
  createApprovalTemplate,
  PHONE,
  rejection,
  SENDER,
  sendApproval,
  startWorld,
  TOKEN,
} from "../helpers/simulator-world.ts";

async function startWithMessage(options = {}) {
  const world = await startWorld(options);
  const { sid } = await sendApproval(world, await createApprovalTemplate(world.client));
  return { ...world, sid };
}

test("a tap posts the form of a real Sandbox tap, signed over every field", async () => {
  const { simulator, webhook, sid } = await startWithMessage();
  const result = await simulator.tap(sid, "approve:kqmwa");
  expect(result).toEqual({ status: 200, body: "<Response/>", contentType: "text/xml" });
  const [form] = await webhook.forms(1);
  const messageSid = form?.params["MessageSid"];
  expect(messageSid).toMatch(/^SM[0-9a-f]{32}$/);
  expect(form?.params).toMatchObject({
    MessageType: "interactive",
    Body: "✅ Approve",
    ButtonText: "✅ Approve",
    ButtonPayload: "approve:kqmwa",
    OriginalRepliedMessageSid: sid,
    OriginalRepliedMessageSender: SENDER,
    From: `whatsapp:${PHONE}`,
    To: SENDER,
    WaId: PHONE.slice(1),
    ExternalUserId: expect.stringMatching(/^whatsapp:ID\./),
    SmsMessageSid: messageSid,
    SmsSid: messageSid,
    SmsStatus: "received",
    NumMedia: "0",
    NumSegments: "1",
    ReferralNumMedia: "0",
    AccountSid: ACCOUNT,
    ApiVersion: "2010-04-01",
    Forwarded: "false",
    FrequentlyForwarded: "false",
  });
  expect(form?.params).not.toHaveProperty("MessageStatus");
  expect(JSON.parse(form?.params["ChannelMetadata"] ?? "")).toMatchObject({ type: "whatsapp" });
  expect(form?.headers["user-agent"]).toBe("TwilioProxy/1.1");
  expect(form?.headers["i-twilio-idempotency-token"]).toMatch(/.{10,}/);
  if (form === undefined) throw new Error("nothing came");
  expect(webhook.isSigned(form, TOKEN)).toBe(true);
  expect(webhook.isSigned({ ...form, params: { ...form.params, Extra: "1" } }, TOKEN)).toBe(false);
});

test("a button can be named by the first part of its id, and tapped again", async () => {
  const { simulator, webhook, sid } = await startWithMessage();
  await simulator.tap(sid, "deny");
  await simulator.tap(sid, "deny");
  const forms = await webhook.forms(2);
  expect(forms.map(({ params }) => params["ButtonPayload"])).toEqual(["deny:kqmwa", "deny:kqmwa"]);
  expect(forms[0]?.params["MessageSid"]).not.toBe(forms[1]?.params["MessageSid"]);
});

test("what is not on the phone cannot be tapped or quoted", async () => {
  const { simulator, webhook, sid } = await startWithMessage();
  await expect(simulator.tap(`SM${"0".repeat(32)}`, "approve")).rejects.toThrow(/not on the phone/);
  await expect(simulator.tap(sid, "launch")).rejects.toThrow(/not on the phone/);
  await expect(simulator.type("no", { quote: "SMnone" })).rejects.toThrow(/not on the phone/);
  expect(webhook.received).toEqual([]);
});

test("typed text is a text message without button or quote", async () => {
  const { simulator, webhook } = await startWorld();
  await simulator.type('APPROVE kqmwa & "more" + ümläut\nsecond line');
  const [form] = await webhook.forms(1);
  if (form === undefined) throw new Error("nothing came");
  expect(form.params).toMatchObject({
    MessageType: "text",
    Body: 'APPROVE kqmwa & "more" + ümläut\nsecond line',
  });
  for (const field of ["ButtonPayload", "ButtonText", "OriginalRepliedMessageSid"]) {
    expect(form.params).not.toHaveProperty(field);
  }
  expect(webhook.isSigned(form, TOKEN)).toBe(true);
});

test("a quoted text names the message it replies to, for seven days", async () => {
  let now = Date.UTC(2026, 0, 1);
  const { simulator, webhook, sid } = await startWithMessage({ now: () => now });
  await simulator.type("not today", { quote: sid });
  now += 8 * 24 * 60 * 60 * 1000;
  await simulator.type("still not", { quote: sid });
  const [fresh, stale] = await webhook.forms(2);
  expect(fresh?.params).toMatchObject({
    MessageType: "text",
    OriginalRepliedMessageSid: sid,
    OriginalRepliedMessageSender: SENDER,
  });
  expect(stale?.params).not.toHaveProperty("OriginalRepliedMessageSid");
  expect(simulator.messages().at(-1)).toMatchObject({ body: "still not", quotes: sid });
});

test("a stranger's text comes from the stranger's number", async () => {
  const { simulator, webhook, sid } = await startWithMessage();
  await simulator.type("approve kqmwa", { from: "+15559999999" });
  await simulator.tap(sid, "approve", { from: "+15559999999" });
  const forms = await webhook.forms(2);
  expect(forms.map(({ params }) => params["From"])).toEqual(Array(2).fill("whatsapp:+15559999999"));
  expect(forms.every((form) => webhook.isSigned(form, TOKEN))).toBe(true);
});

test("a duplicate is the same form twice, each validly signed", async () => {
  const { simulator, webhook, sid } = await startWithMessage();
  await simulator.tap(sid, "approve", { fault: "duplicate" });
  const [first, second] = await webhook.forms(2);
  if (first === undefined || second === undefined) throw new Error("one is missing");
  expect(second.params).toEqual(first.params);
  expect(second.headers["i-twilio-idempotency-token"]).toBe(first.headers["i-twilio-idempotency-token"]);
  expect([first, second].every((form) => webhook.isSigned(form, TOKEN))).toBe(true);
});

test("unsigned and badly signed posts do not verify", async () => {
  const { simulator, webhook, sid } = await startWithMessage();
  await simulator.tap(sid, "approve", { fault: "unsigned" });
  await simulator.type("approve kqmwa", { fault: "bad-signature" });
  const [unsigned, forged] = await webhook.forms(2);
  if (unsigned === undefined || forged === undefined) throw new Error("one is missing");
  expect(unsigned.headers).not.toHaveProperty("x-twilio-signature");
  expect(forged.headers["x-twilio-signature"]).toMatch(/^[A-Za-z0-9+/]{27}=$/);
  expect([unsigned, forged].some((form) => webhook.isSigned(form, TOKEN))).toBe(false);
});

test("a late tap is on the phone at once and reaches the server when it is released", async () => {
  const { simulator, webhook, sid } = await startWithMessage();
  const held = await simulator.tap(sid, "approve", { fault: "late" });
  expect(held).toMatchObject({ status: 204, withheld: "late" });
  expect(simulator.messages().at(-1)).toMatchObject({ direction: "from-phone", buttonId: "approve:kqmwa" });
  expect(webhook.received).toEqual([]);
  expect(await simulator.releaseLate()).toEqual([expect.objectContaining({ status: 200 })]);
  const [form] = await webhook.forms(1);
  expect(form?.params["ButtonPayload"]).toBe("approve:kqmwa");
  if (form !== undefined) expect(webhook.isSigned(form, TOKEN)).toBe(true);
  expect(await simulator.releaseLate()).toEqual([]);
});

test("STOP is kept by Twilio, refuses sends from then on, and START undoes it", async () => {
  const world = await startWithMessage();
  const { simulator, webhook, client } = world;
  expect(await simulator.type(" Stop ")).toMatchObject({ status: 204, withheld: "opt-out" });
  const send = () => client.messages.create({ to: `whatsapp:${PHONE}`, from: SENDER, body: "hello" });
  expect(await rejection(send())).toMatchObject({ status: 400, code: 21610 });
  expect(await simulator.type("START")).toMatchObject({ withheld: "opt-in" });
  await expect(send()).resolves.toMatchObject({ status: "queued" });
  expect(webhook.received).toEqual([]);
  await simulator.type("stop it, please");
  expect((await webhook.forms(1))[0]?.params["Body"]).toBe("stop it, please");
});

test("a phone that left the Sandbox reaches nobody until it joins again", async () => {
  const { simulator, webhook, sid } = await startWithMessage();
  simulator.leaveSandbox(PHONE);
  expect(await simulator.type("hello")).toMatchObject({ withheld: "not-joined" });
  expect(await simulator.tap(sid, "approve")).toMatchObject({ withheld: "not-joined" });
  expect(await simulator.type("join quick-fox")).toMatchObject({ withheld: "join" });
  expect(webhook.received).toEqual([]);
  expect(await simulator.type("hello")).toMatchObject({ status: 200 });
});

test("a TwiML message and plain text are shown on the phone, with entities decoded", async () => {
  const { simulator, webhook } = await startWorld();
  const shown = (text: string) =>
    simulator.waitForMessage((m) => m.direction === "to-phone" && m.body === text && m.status === "read");
  webhook.answerWith(() => ({
    body: '<?xml version="1.0"?><Response><Message>a &lt;b&gt; &amp; &#233;</Message><Message to="x"><Body><![CDATA[<c>]]></Body></Message></Response>',
  }));
  await simulator.type("one");
  await shown("a <b> & é");
  await shown("<c>");
  webhook.answerWith(() => ({ contentType: "text/plain; charset=utf-8", body: "ok then" }));
  await simulator.type("two");
  await shown("ok then");
  expect(simulator.warnings()).toEqual([]);
});

test("204 and an empty answer send nothing and warn nobody", async () => {
  const { simulator, webhook } = await startWorld();
  webhook.answerWith(() => ({ status: 204, body: "" }));
  await simulator.type("one");
  webhook.answerWith(() => ({ contentType: "text/plain", body: "" }));
  await simulator.type("two");
  expect(simulator.messages().filter((m) => m.direction === "to-phone")).toEqual([]);
  expect(simulator.warnings()).toEqual([]);
});

test.each([
  [12300, { contentType: "application/json", body: '{"ok":true}' }],
  [12100, { contentType: "text/xml", body: "<Response><Message>half" }],
  [11200, { status: 403, contentType: "text/plain", body: "forbidden" }],
])("a bad answer is a warning with %i, and nothing on the phone", async (code, answer) => {
  const { simulator, webhook } = await startWorld();
  webhook.answerWith(() => answer);
  await simulator.type("hello");
  expect(simulator.warnings().map((warning) => warning.code)).toEqual([code]);
  expect(simulator.messages()).toHaveLength(1);
});

test("a webhook that cannot be reached is a result with an error, not a rejection", async () => {
  const { simulator } = await startWorld();
  simulator.setWebhookUrl("http://127.0.0.1:1/twilio-webhook");
  const result = await simulator.type("hello");
  expect(result).toMatchObject({ status: 0, body: "" });
  expect(result.error).toMatch(/./);
});

test("closing gives up on a webhook that does not answer", async () => {
  const { simulator, webhook } = await startWorld();
  let release = () => {};
  const after = new Promise<void>((resolve) => {
    release = resolve;
  });
  webhook.answerWith(() => ({ after }));
  const typed = simulator.type("hello");
  await webhook.forms(1);
  await simulator.close();
  expect((await typed).error).toMatch(/closed/);
  release();
});

test("waiting for a message ends with the signal's reason or the simulator's close", async () => {
  const { simulator } = await startWorld();
  const never = () => false;
  const aborter = new AbortController();
  const aborted = simulator.waitForMessage(never, aborter.signal);
  aborter.abort(new Error("enough"));
  await expect(aborted).rejects.toThrow("enough");
  const closed = simulator.waitForMessage(never);
  await simulator.close();
  await simulator.close();
  await expect(closed).rejects.toThrow(/closed/);
});
