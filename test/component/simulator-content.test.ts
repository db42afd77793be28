// Templates as the Content API takes them, their limits, and WhatsApp's approval.
import { expect, test } from "vitest";
import {
  ACCOUNT,
  createApprovalTemplate,
  PHONE,
  rejection,
  SENDER,
  startWorld,
  TOKEN,
  type World,
} from "../helpers/simulator-world.ts";

const TO = `whatsapp:${PHONE}`;
const AUTHORIZATION = `Basic ${Buffer.from(`${ACCOUNT}:${TOKEN}`).toString("base64")}`;

function create(client: World["client"], template: object) {
  return client.content.v1.contents.create(template as never);
}

function text(body: string, variables: object = {}) {
  return { friendly_name: "plain", language: "en", variables, types: { "twilio/text": { body } } };
}

function quickReply(actions: readonly object[], body = "Please decide now.", variables: object = {}) {
  const types = { "twilio/quick-reply": { body, actions } };
  return { friendly_name: "buttons", language: "en", variables, types };
}

const titles = (count: number, title = (index: number) => `Choice ${index}`) =>
  Array.from({ length: count }, (_, index) => ({ title: title(index), id: `choice:${index}` }));

const list = (item: object, button = "Choose") => ({
  friendly_name: "list",
  language: "en",
  variables: { "1": "now" },
  types: { "twilio/list-picker": { body: "When? {{1}}", button, items: [item] } },
});

/** Submits and looks until WhatsApp has decided. */
async function approve(client: World["client"], sid: string) {
  const content = client.content.v1.contents(sid);
  await content.approvalCreate.create({ name: "approval_request", category: "UTILITY" } as never);
  await content.approvalFetch().fetch();
  const { whatsapp } = await content.approvalFetch().fetch();
  return whatsapp as unknown as { status: string; rejection_reason: string };
}

test("a template is created, fetched, changed under its SID and deleted", async () => {
  const { client } = await startWorld();
  const sid = await createApprovalTemplate(client);
  expect(sid).toMatch(/^HX[0-9a-f]{32}$/);
  const fetched = await client.content.v1.contents(sid).fetch();
  expect(fetched).toMatchObject({
    accountSid: ACCOUNT,
    friendlyName: "approval_request",
    language: "en",
    variables: { "1": "kqmwa", "2": "ls -la /etc" },
    types: { "twilio/quick-reply": { actions: expect.arrayContaining([expect.anything()]) } },
  });
  const changed = await client.content.v1.contents(sid).update(text("Other words.") as never);
  expect(changed).toMatchObject({ sid, friendlyName: "plain" });
  expect(await client.content.v1.contents(sid).remove()).toBe(true);
  expect(await rejection(client.content.v1.contents(sid).fetch())).toMatchObject({
    status: 404,
    code: 20404,
  });
  expect(await rejection(client.content.v1.contents(sid).remove())).toMatchObject({ code: 20404 });
  const gone = client.messages.create({ to: TO, from: SENDER, contentSid: sid });
  expect(await rejection(gone)).toMatchObject({ code: 21655 });
});

test("templates are listed page by page and searched by name", async () => {
  const { client } = await startWorld();
  for (let index = 0; index < 5; index += 1)
    await create(client, { ...text("Words."), friendly_name: `t_${index}` });
  const listed = await client.content.v1.contents.list({ pageSize: 2 });
  expect(listed.map((content) => content.friendlyName)).toEqual(["t_0", "t_1", "t_2", "t_3", "t_4"]);
  const page = await client.content.v1.contents.page({ pageSize: 2 });
  expect(page.nextPageUrl).toMatch(/^https:\/\/content\.twilio\.com\/v1\/Content\?/);
  const found = await client.content.v2.contents.list({ contentName: "T_3" });
  expect(found.map((content) => content.friendlyName)).toEqual(["t_3"]);
  expect(await client.content.v2.contents.list({ contentName: "none" })).toEqual([]);
});

test.each([
  ["camelCase friendlyName", { friendlyName: "x", language: "en", types: { "twilio/text": { body: "x" } } }],
  [
    "twilioQuickReply",
    { friendly_name: "x", language: "en", types: { twilioQuickReply: { body: "x", actions: titles(1) } } },
  ],
  ["no language", { friendly_name: "x", types: { "twilio/text": { body: "x" } } }],
  ["no types", { friendly_name: "x", language: "en" }],
  ["empty types", { friendly_name: "x", language: "en", types: {} }],
  ["a variable that is no string", text("Words.", { "1": 1 })],
  ["no buttons", quickReply([])],
  ["eleven buttons", quickReply(titles(11))],
  ["a title of 21 characters", quickReply(titles(1, () => "x".repeat(21)))],
  ["an id of 129 characters", quickReply([{ title: "x", id: "x".repeat(129) }])],
  ["an unknown field of a button", quickReply([{ title: "x", id: "x", url: "https://example.com" }])],
  ["a list item of 25 characters", list({ id: "a", item: "x".repeat(25) })],
  ["a description of 73 characters", list({ id: "a", item: "x", description: "x".repeat(73) })],
  ["a list button of 21 characters", list({ id: "a", item: "x" }, "x".repeat(21))],
])("the simulator refuses a template with %s", async (_name, template) => {
  const { client } = await startWorld();
  expect(await rejection(create(client, template))).toMatchObject({ status: 400, code: 20001 });
  expect(await client.content.v1.contents.list()).toEqual([]);
});

test("the simulator refuses a body that is no JSON, and a stranger", async () => {
  const { simulator } = await startWorld();
  const post = (headers: Record<string, string>, body: string) =>
    fetch(`${simulator.url}/v1/Content`, { method: "POST", headers, body });
  const json = { "content-type": "application/json" };
  expect((await post({ ...json, authorization: AUTHORIZATION }, "{")).status).toBe(400);
  expect((await post({ authorization: AUTHORIZATION }, JSON.stringify(text("Words.")))).status).toBe(400);
  expect((await post(json, JSON.stringify(text("Words.")))).status).toBe(401);
});

test("more than three buttons need approval, even in an open session", async () => {
  const { client, simulator } = await startWorld();
  const { sid } = await create(client, quickReply(titles(4)));
  const send = () => client.messages.create({ to: TO, from: SENDER, contentSid: sid });
  const refused = await send();
  await simulator.waitForMessage((m) => m.sid === refused.sid && m.errorCode === 63021);
  expect(await approve(client, sid)).toMatchObject({ status: "approved" });
  const taken = await send();
  await simulator.waitForMessage((m) => m.sid === taken.sid && m.status === "read");
});

test("titles that grow too long by their variables are undelivered", async () => {
  const { client, simulator } = await startWorld();
  const { sid } = await create(client, quickReply([{ title: "Allow {{1}}", id: "a" }]));
  const contentVariables = JSON.stringify({ "1": "x".repeat(20) });
  const sent = await client.messages.create({ to: TO, from: SENDER, contentSid: sid, contentVariables });
  await simulator.waitForMessage((m) => m.sid === sent.sid && m.errorCode === 63021);
});

test("an approval is received when submitted, approved by a later look, and good outside the session", async () => {
  const { client, simulator, webhook } = await startWorld();
  const { sid } = await create(
    client,
    quickReply(titles(2), "Request {{1}} is waiting for your decision here.", { "1": "kqmwa" }),
  );
  const content = client.content.v1.contents(sid);
  const state = async () => (await content.approvalFetch().fetch()).whatsapp.status;
  expect(await state()).toBe("unsubmitted");
  const submitted = await content.approvalCreate.create({ name: "request_1", category: "UTILITY" } as never);
  expect(submitted).toMatchObject({ name: "request_1", category: "UTILITY", status: "received" });
  expect(await state()).toBe("received");
  simulator.closeSession(PHONE);
  const early = await client.messages.create({ to: TO, from: SENDER, contentSid: sid });
  await simulator.waitForMessage((m) => m.sid === early.sid && m.errorCode === 63016);
  expect(await state()).toBe("approved");
  expect(await state()).toBe("approved");
  const sent = await client.messages.create({ to: TO, from: SENDER, contentSid: sid });
  await simulator.waitForMessage((m) => m.sid === sent.sid && m.status === "read");
  await simulator.tap(sent.sid, "choice:1");
  const [form] = await webhook.forms(1);
  expect(form?.params).toMatchObject({
    MessageType: "button",
    ButtonPayload: "choice:1",
    ButtonText: "Choice 1",
  });
});

test("a submitted template can neither be changed nor submitted again", async () => {
  const { client } = await startWorld();
  const sid = await createApprovalTemplate(client);
  const content = client.content.v1.contents(sid);
  await content.approvalCreate.create({ name: "once", category: "UTILITY" } as never);
  expect(await rejection(content.update(text("Other.") as never))).toMatchObject({ status: 400 });
  const again = content.approvalCreate.create({ name: "twice", category: "UTILITY" } as never);
  expect(await rejection(again)).toMatchObject({ status: 400 });
  expect(await content.remove()).toBe(true);
});

test.each([
  [{ name: "Has Capitals", category: "UTILITY" }],
  [{ name: "has-dash", category: "UTILITY" }],
  [{ name: "", category: "UTILITY" }],
  [{ name: "fine", category: "SPAM" }],
  [{ name: "fine" }],
])("the simulator refuses the submission %o", async (submission) => {
  const { client } = await startWorld();
  const sid = await createApprovalTemplate(client);
  const submitting = client.content.v1.contents(sid).approvalCreate.create(submission as never);
  expect(await rejection(submitting)).toMatchObject({ status: 400, code: 20001 });
});

const FINE = "Please decide about {{1}} within the next minutes.";
test.each([
  [
    "an emoji in a title",
    quickReply(
      titles(1, () => "✅ Approve"),
      FINE,
      { "1": "x" },
    ),
    /emoji/,
  ],
  [
    "a variable in a title",
    quickReply(
      titles(1, () => "Allow {{1}}"),
      FINE,
      { "1": "x" },
    ),
    /variable/,
  ],
  [
    "a newline in a title",
    quickReply(
      titles(1, () => "Allow\nit"),
      FINE,
      { "1": "x" },
    ),
    /newline/,
  ],
  ["a variable at the start", text("{{1}} is what it wants to run now", { "1": "x" }), /starts or ends/],
  ["a variable at the end", text("It wants to run this here: {{1}}", { "1": "x" }), /starts or ends/],
  [
    "adjacent variables",
    text("It wants to run {{1}} {{2}} now, is that all right?", { "1": "x", "2": "y" }),
    /next to each other/,
  ],
  ["too few words", text("Run {{1}} now", { "1": "x" }), /too many variables/],
  ["no sample", text(FINE, {}), /sample/],
  ["eleven emoji", text(`Words ${"🔔".repeat(11)} here.`), /emoji/],
  ["a list-picker", list({ id: "a", item: "x" }), /list-picker/],
])("the simulator rejects the approval of a template with %s", async (_name, template, reason) => {
  const { client } = await startWorld();
  const { sid } = await create(client, template);
  const decision = await approve(client, sid);
  expect(decision.status).toBe("rejected");
  expect(decision.rejection_reason).toMatch(reason);
});

test("a list-picker shows its items, and a pick posts ListId and ListTitle; never outside the session", async () => {
  const { client, simulator, webhook } = await startWorld();
  const { sid } = await create(client, list({ id: "at:{{1}}", item: "Do it {{1}}", description: "at once" }));
  const send = () => client.messages.create({ to: TO, from: SENDER, contentSid: sid });
  const sent = await send();
  const shown = await simulator.waitForMessage((m) => m.sid === sent.sid);
  expect(shown).toMatchObject({
    body: "When? now",
    listButton: "Choose",
    buttons: [{ id: "at:now", title: "Do it now", description: "at once" }],
  });
  await simulator.tap(sent.sid, "at:now");
  const [form] = await webhook.forms(1);
  expect(form?.params).toMatchObject({
    MessageType: "interactive",
    ListId: "at:now",
    ListTitle: "Do it now",
  });
  expect(form?.params).not.toHaveProperty("ButtonPayload");
  simulator.closeSession(PHONE);
  const outside = await send();
  await simulator.waitForMessage((m) => m.sid === outside.sid && m.errorCode === 63016);
});

test("a text template without approval is shown without buttons", async () => {
  const { client, simulator } = await startWorld();
  const { sid } = await create(client, text("Hello {{name}}", { name: "you" }));
  const sent = await client.messages.create({ to: TO, from: SENDER, contentSid: sid });
  const shown = await simulator.waitForMessage((m) => m.sid === sent.sid && m.status === "read");
  expect(shown).toMatchObject({ body: "Hello you", buttons: [] });
});

test("a button that says Stop is a tap like any other, and a variable without value stays as it is", async () => {
  const { client, simulator, webhook } = await startWorld();
  const { sid } = await create(client, quickReply([{ title: "Stop", id: "stop" }], "Stop {{1}} now?"));
  const sent = await client.messages.create({ to: TO, from: SENDER, contentSid: sid });
  const shown = await simulator.waitForMessage((m) => m.sid === sent.sid);
  expect(shown.body).toBe("Stop {{1}} now?");
  expect(await simulator.tap(sent.sid, "stop")).toMatchObject({ status: 200 });
  expect((await webhook.forms(1))[0]?.params).toMatchObject({ Body: "Stop", ButtonPayload: "stop" });
});

test("faults hit the Content API on its own count", async () => {
  const { client, simulator } = await startWorld();
  simulator.fail({ on: "content", kind: "reject", httpStatus: 500 });
  await expect(client.messages.create({ to: TO, from: SENDER, body: "hi" })).resolves.toBeDefined();
  expect(await rejection(client.content.v1.contents.list())).toMatchObject({ status: 500 });
  simulator.fail({ on: "content", kind: "lost" });
  expect((await rejection(create(client, text("Words.")))).status).toBeUndefined();
  expect(await client.content.v1.contents.list()).toHaveLength(1);
});
