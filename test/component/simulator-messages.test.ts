// Sending as Twilio takes it: refusals at once, statuses and late refusals by signed callback, lists, faults.
import { expect, test } from "vitest";
import { deferred } from "../../src/core/timing.ts";
import { warningsOf } from "../helpers/process-warnings.ts";
import { simulatorClient } from "../helpers/simulator-client.ts";
import type { ReceivedForm } from "../helpers/simulator-webhook.ts";
import {
  ACCOUNT,
  createApprovalTemplate,
  OTHER_PHONE,
  PHONE,
  rejection,
  SENDER,
  sendApproval,
  startWorld,
  TOKEN,
  type World,
} from "../helpers/simulator-world.ts";

const TO = `whatsapp:${PHONE}`;
const LINE = (text: string) => JSON.stringify({ "1": text });

function say(world: World, body: string, extra: object = {}) {
  return world.client.messages.create({ to: TO, from: SENDER, body, ...extra });
}

const statuses = (forms: readonly ReceivedForm[]) => forms.map(({ params }) => params["MessageStatus"]);

test("a template message is accepted as queued and shown with its variables filled in", async () => {
  const world = await startWorld();
  const before = Date.now();
  const message = await sendApproval(world, await createApprovalTemplate(world.client));
  expect(message).toMatchObject({
    sid: expect.stringMatching(/^SM[0-9a-f]{32}$/),
    accountSid: ACCOUNT,
    status: "queued",
    direction: "outbound-api",
    to: TO,
    from: SENDER,
    errorCode: null,
    dateSent: null,
  });
  // Twilio's dates are whole seconds.
  expect(message.dateCreated.getTime()).toBeGreaterThan(before - 1_000);
  expect(message.dateCreated.getTime()).toBeLessThanOrEqual(Date.now());
  const shown = await world.simulator.waitForMessage((m) => m.sid === message.sid);
  expect(shown.body).toContain("Execute command: `ls -la /etc`\n*Request ID:* kqmwa");
  expect(shown.buttons).toEqual([
    { id: "approve:kqmwa", title: "✅ Approve" },
    { id: "deny:kqmwa", title: "❌ Deny" },
    { id: "session:kqmwa", title: "🔁 Session" },
  ]);
});

test("a value that looks like a variable is not filled in again, and a missing one takes its sample", async () => {
  const world = await startWorld();
  const contentSid = await createApprovalTemplate(world.client);
  const { sid } = await world.client.messages.create({
    to: TO,
    from: SENDER,
    contentSid,
    contentVariables: JSON.stringify({ "2": "echo {{1}}" }),
  });
  const shown = await world.simulator.waitForMessage((m) => m.sid === sid);
  expect(shown.body).toContain("`echo {{1}}`\n*Request ID:* kqmwa");
});

test("status callbacks come signed, one after another: sent, delivered, read", async () => {
  const world = await startWorld();
  const { webhook, simulator } = world;
  const { sid } = await say(world, "hello", { statusCallback: webhook.url });
  const forms = await webhook.forms(3);
  expect(statuses(forms)).toEqual(["sent", "delivered", "read"]);
  expect(forms[2]?.params).toMatchObject({
    MessageSid: sid,
    SmsSid: sid,
    SmsStatus: "read",
    To: TO,
    From: SENDER,
    ChannelPrefix: "whatsapp",
    EventType: "READ",
    AccountSid: ACCOUNT,
  });
  expect(forms[0]?.params).not.toHaveProperty("ErrorCode");
  expect(forms.every((form) => webhook.isSigned(form, TOKEN))).toBe(true);
  expect(simulator.messages()).toEqual([expect.objectContaining({ sid, status: "read" })]);
});

test("the next status waits for the answer to the last callback; the REST answer waits for none", async () => {
  const world = await startWorld();
  const { webhook, simulator } = world;
  let release = () => {};
  const after = new Promise<void>((resolve) => {
    release = resolve;
  });
  webhook.answerWith(() => ({ after }));
  const { sid } = await say(world, "hello", { statusCallback: webhook.url });
  await webhook.forms(1);
  expect((await world.client.messages(sid).fetch()).status).toBe("sent");
  expect(webhook.received).toHaveLength(1);
  release();
  expect(statuses(await webhook.forms(3))).toEqual(["sent", "delivered", "read"]);
  expect(simulator.warnings()).toEqual([]);
});

test("without a callback the statuses progress all the same", async () => {
  const world = await startWorld();
  const { sid } = await say(world, "hello");
  await world.simulator.waitForMessage((m) => m.sid === sid && m.status === "read");
  const fetched = await world.client.messages(sid).fetch();
  expect(fetched).toMatchObject({ status: "read", dateSent: expect.any(Date) });
});

test.each([
  ["another token", ACCOUNT, "f".repeat(32), ACCOUNT],
  ["another account", `AC${"2".repeat(32)}`, TOKEN, `AC${"2".repeat(32)}`],
  ["another account's path", ACCOUNT, TOKEN, `AC${"2".repeat(32)}`],
])("the simulator refuses %s with 20003", async (_name, user, secret, account) => {
  const { simulator } = await startWorld();
  const client = simulatorClient(simulator.url, user, secret, account);
  const refused = await rejection(client.messages.create({ to: TO, from: SENDER, body: "hello" }));
  expect(refused).toMatchObject({ status: 401, code: 20003 });
  expect(simulator.messages()).toEqual([]);
});

test("the simulator accepts an API key and refuses it with another secret", async () => {
  const key = `SK${"3".repeat(32)}`;
  const { simulator } = await startWorld({ apiKeys: { [key]: "key-secret" } });
  const send = (secret: string) =>
    simulatorClient(simulator.url, key, secret, ACCOUNT).messages.create({
      to: TO,
      from: SENDER,
      body: "hi",
    });
  await expect(send("key-secret")).resolves.toMatchObject({ status: "queued" });
  expect(await rejection(send("guess"))).toMatchObject({ code: 20003 });
});

test("refusals are written in Twilio's JSON", async () => {
  const { simulator } = await startWorld();
  const response = await fetch(`${simulator.url}/2010-04-01/Accounts/${ACCOUNT}/Messages.json`);
  expect(response.status).toBe(401);
  expect(await response.json()).toEqual({
    code: 20003,
    message: "Authenticate",
    more_info: "https://www.twilio.com/docs/errors/20003",
    status: 401,
  });
});

test.each([
  [21211, "To without a channel", { to: PHONE }],
  [21211, "To without a plus", { to: "whatsapp:15550001111" }],
  [21211, "To too short", { to: "whatsapp:+0" }],
  [63007, "another sender", { from: "whatsapp:+15550003333" }],
  [63007, "the sender without a channel", { from: "+14155238886" }],
  [21619, "no body", { body: "" }],
  [21617, "a body of 1601 characters", { body: "x".repeat(1601) }],
  [21654, "variables without a template", { contentVariables: LINE("x") }],
  [21655, "an unknown template", { contentSid: `HX${"0".repeat(32)}` }],
  [21609, "a relative callback", { statusCallback: "/relative" }],
  [21609, "an underscore in the callback's host", { statusCallback: "https://my_host.example/callback" }],
  [20001, "a validity over ten hours", { validityPeriod: 36_001 }],
])("the simulator refuses at once with %i: %s", async (code, _name, extra) => {
  const world = await startWorld();
  expect(await rejection(say(world, "hello", extra))).toMatchObject({ status: 400, code });
  expect(world.simulator.messages()).toEqual([]);
});

test.each([
  ["no JSON", "{1:x}"],
  ["escaped apostrophe", '{"1":"it\\\'s"}'],
  ["a list", '["x"]'],
  ["a string", '"x"'],
  ["null", "null"],
  ["a number", '{"1":1}'],
  ["a null value", '{"1":null}'],
  ["an empty value", LINE("")],
  ["a newline", LINE("a\nb")],
  ["a carriage return", LINE("a\rb")],
  ["a tab", LINE("a\tb")],
  ["five spaces", LINE("a     b")],
  ["1601 characters", LINE("x".repeat(1601))],
  ["a long key", JSON.stringify({ abcdefghijklmnopq: "x" })],
  ["101 keys", JSON.stringify(Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`${i}`, "x"])))],
])("the simulator refuses variables with %s: 21656", async (_name, contentVariables) => {
  const world = await startWorld();
  const contentSid = await createApprovalTemplate(world.client);
  const sending = world.client.messages.create({ to: TO, from: SENDER, contentSid, contentVariables });
  expect(await rejection(sending)).toMatchObject({ status: 400, code: 21656 });
  expect(world.simulator.messages()).toEqual([]);
});

test("the simulator takes four spaces, an apostrophe and 100 keys", async () => {
  const world = await startWorld();
  const contentSid = await createApprovalTemplate(world.client);
  const many = Object.fromEntries(Array.from({ length: 98 }, (_, i) => [`x${i}`, "x"]));
  const contentVariables = JSON.stringify({ ...many, "1": "kqmwa", "2": "it's    fine" });
  const sent = await world.client.messages.create({ to: TO, from: SENDER, contentSid, contentVariables });
  const shown = await world.simulator.waitForMessage((m) => m.sid === sent.sid);
  expect(shown.body).toContain("`it's    fine`");
});

test("a body over 1024 characters after substitution is undelivered with 63021", async () => {
  const world = await startWorld();
  const contentSid = await createApprovalTemplate(world.client);
  const variables = JSON.stringify({ "1": "kqmwa", "2": "x".repeat(1000) });
  await sendApproval(world, contentSid, "kqmwa", {
    contentVariables: variables,
    statusCallback: world.webhook.url,
  });
  const [, last] = await world.webhook.forms(2);
  expect(last?.params).toMatchObject({ MessageStatus: "undelivered", ErrorCode: "63021" });
});

test("a closed session refuses with 63016 by callback, and an inbound message opens it again", async () => {
  const world = await startWorld();
  const { simulator, webhook } = world;
  simulator.closeSession(PHONE);
  const { sid } = await say(world, "hello", { statusCallback: webhook.url });
  const [, last] = await webhook.forms(2);
  expect(last?.params).toMatchObject({
    MessageStatus: "undelivered",
    ErrorCode: "63016",
    EventType: "UNDELIVERED",
    ChannelStatusMessage: expect.stringContaining("outside the allowed window"),
  });
  expect(await world.client.messages(sid).fetch()).toMatchObject({ status: "undelivered", errorCode: 63016 });
  await simulator.type("hello");
  const again = await say(world, "hello again");
  await simulator.waitForMessage((m) => m.sid === again.sid && m.status === "read");
});

test("the session closes 24 hours after the last inbound message", async () => {
  let now = Date.UTC(2026, 0, 1);
  const world = await startWorld({ now: () => now });
  now += 24 * 60 * 60 * 1000 - 1;
  const inTime = await say(world, "in time");
  await world.simulator.waitForMessage((m) => m.sid === inTime.sid && m.status === "read");
  now += 1;
  const late = await say(world, "late");
  await world.simulator.waitForMessage((m) => m.sid === late.sid && m.errorCode === 63016);
});

test("a phone that left the Sandbox is 63015, a number without WhatsApp is 63003", async () => {
  const world = await startWorld();
  const { simulator, webhook } = world;
  simulator.leaveSandbox(PHONE);
  await say(world, "hello", { statusCallback: webhook.url });
  const [failed] = await webhook.forms(1);
  expect(failed?.params).toMatchObject({ MessageStatus: "failed", ErrorCode: "63015" });
  await say(world, "hello", { to: "whatsapp:+15557777777", statusCallback: webhook.url });
  const [, , undelivered] = await webhook.forms(3);
  expect(undelivered?.params).toMatchObject({ MessageStatus: "undelivered", ErrorCode: "63003" });
});

test("a phone that blocked the sender leaves the message at sent", async () => {
  const world = await startWorld();
  world.simulator.block(PHONE);
  const blocked = await say(world, "one", { statusCallback: world.webhook.url });
  await say(world, "two", { to: `whatsapp:${OTHER_PHONE}`, statusCallback: world.webhook.url });
  const forms = await world.webhook.forms(3, ({ params }) => params["To"] !== TO);
  expect(statuses(forms)).toEqual(["sent", "delivered", "read"]);
  expect(statuses(world.webhook.received.filter(({ params }) => params["To"] === TO))).toEqual(["sent"]);
  expect((await world.client.messages(blocked.sid).fetch()).status).toBe("sent");
});

test("the list has the newest first, both directions, filtered and paged; a tap shows only its title", async () => {
  const world = await startWorld();
  const { client, simulator } = world;
  const { sid } = await sendApproval(world, await createApprovalTemplate(client));
  await simulator.tap(sid, "approve");
  for (const text of ["one", "two", "three"]) await simulator.type(text);
  const inbound = await client.messages.list({ from: TO, to: SENDER, pageSize: 2 });
  expect(inbound.map((m) => m.body)).toEqual(["three", "two", "one", "✅ Approve"]);
  expect(inbound[3]).toMatchObject({ direction: "inbound", status: "received" });
  expect(JSON.stringify(inbound)).not.toContain("approve:kqmwa");
  const firstPage = await client.messages.page({ from: TO, pageSize: 3 });
  await simulator.type("meanwhile");
  const secondPage = await firstPage.nextPage();
  expect(secondPage?.instances.map((m) => m.body)).toEqual(["✅ Approve"]);
  expect(secondPage?.nextPageUrl).toBeUndefined();
  expect(await client.messages.list({ to: TO })).toHaveLength(1);
  expect(await client.messages.list()).toHaveLength(6);
});

test("the list is filtered by the day or the time of sending", async () => {
  let now = Date.UTC(2026, 0, 1, 12);
  const world = await startWorld({ now: () => now });
  await world.simulator.type("first of January");
  now = Date.UTC(2026, 0, 2, 12);
  await world.simulator.type("second of January");
  const bodies = async (filter: object) => (await world.client.messages.list(filter)).map((m) => m.body);
  expect(await bodies({ dateSent: new Date("2026-01-01T00:00:00Z") })).toEqual(["first of January"]);
  expect(await bodies({ dateSentAfter: new Date("2026-01-02T12:00:00Z") })).toEqual(["second of January"]);
  expect(await bodies({ dateSentBefore: new Date("2026-01-01T12:00:00Z") })).toEqual(["first of January"]);
  expect(await bodies({ dateSentAfter: new Date("2026-01-03T00:00:00Z") })).toEqual([]);
});

test("unknown messages and unknown paths are 404 with 20404", async () => {
  const { client } = await startWorld();
  const unknown = client.messages(`SM${"0".repeat(32)}`).fetch();
  expect(await rejection(unknown)).toMatchObject({ status: 404, code: 20404 });
  expect(await rejection(client.calls.list())).toMatchObject({ status: 404, code: 20404 });
});

test("the account can be fetched to check the credentials", async () => {
  const { client } = await startWorld();
  await expect(client.api.v2010.accounts(ACCOUNT).fetch()).resolves.toMatchObject({ status: "active" });
});

test("a reject fault hits as often as it says and creates nothing", async () => {
  const world = await startWorld();
  world.simulator.fail({ kind: "reject", httpStatus: 429, times: 2 });
  world.simulator.fail({ kind: "reject", httpStatus: 503 });
  world.simulator.fail({ kind: "reject", httpStatus: 400, code: 63038, message: "limit of 50" });
  expect(await rejection(say(world, "1"))).toMatchObject({ status: 429, code: 20429 });
  expect(await rejection(say(world, "2"))).toMatchObject({ status: 429, code: 20429 });
  const unavailable = await rejection(say(world, "3"));
  expect(unavailable.status).toBe(503);
  expect(unavailable.code).toBeUndefined();
  expect(await rejection(say(world, "4"))).toMatchObject({ code: 63038, message: "limit of 50" });
  expect(world.simulator.messages()).toEqual([]);
  await expect(say(world, "5")).resolves.toMatchObject({ status: "queued" });
});

test("a callback fault reports its code after acceptance", async () => {
  const world = await startWorld();
  world.simulator.fail({ kind: "callback", status: "failed", code: 63018 });
  await say(world, "hello", { statusCallback: world.webhook.url });
  const [form] = await world.webhook.forms(1);
  expect(form?.params).toMatchObject({ MessageStatus: "failed", ErrorCode: "63018" });
});

test("a silent fault stays sent and never calls back", async () => {
  const world = await startWorld();
  world.simulator.fail({ kind: "silent" });
  const silent = await say(world, "one", { statusCallback: world.webhook.url });
  const loud = await say(world, "two", { statusCallback: world.webhook.url });
  await world.webhook.forms(3);
  expect(world.webhook.received.every(({ params }) => params["MessageSid"] === loud.sid)).toBe(true);
  expect((await world.client.messages(silent.sid).fetch()).status).toBe("sent");
});

test("a lost answer breaks the connection, but the message exists and goes its way", async () => {
  const world = await startWorld();
  world.simulator.fail({ kind: "lost" });
  const lost = await rejection(say(world, "hello", { statusCallback: world.webhook.url }));
  expect(lost.status).toBeUndefined();
  expect(statuses(await world.webhook.forms(3))).toEqual(["sent", "delivered", "read"]);
  expect(await world.client.messages.list({ to: TO })).toHaveLength(1);
});

test("a hanging call is never answered and ends with the simulator", async () => {
  const world = await startWorld();
  world.simulator.fail({ kind: "hang" });
  const hanging = rejection(say(world, "hello"));
  await expect.poll(world.simulator.faultsLeft).toBe(0);
  await expect(say(world, "next")).resolves.toMatchObject({ status: "queued" });
  await world.simulator.close();
  expect((await hanging).status).toBeUndefined();
  expect(world.simulator.messages().map((m) => m.body)).toEqual(["next"]);
});

test("faults of reading do not touch sending, and make no sense as callbacks", async () => {
  const world = await startWorld();
  world.simulator.fail({ on: "message-list", kind: "reject", httpStatus: 500 });
  await say(world, "hello");
  expect(await rejection(world.client.messages.list())).toMatchObject({ status: 500 });
  expect(await world.client.messages.list()).toHaveLength(1);
  expect(() => world.simulator.fail({ on: "content", kind: "silent" })).toThrow(TypeError);
});

test("the callbacks of many messages at once are no leak of listeners", async () => {
  const world = await startWorld();
  const { promise: after, resolve: answer } = deferred<void>();
  world.webhook.answerWith(() => ({ after }));
  const warnings = await warningsOf(async () => {
    for (let n = 0; n < 30; n += 1) await say(world, `${n}`, { statusCallback: world.webhook.url });
    await world.webhook.forms(30);
  });
  answer();
  expect(warnings).toEqual([]);
});
