// The phone page's API: state, events, taps, texts and reads; and who is kept out of it.
import { request } from "node:http";
import { expect, test } from "vitest";
import { openEvents } from "../helpers/simulator-events.ts";
import {
  createApprovalTemplate,
  OTHER_PHONE,
  PHONE,
  SENDER,
  sendApproval,
  startWorld,
  type World,
} from "../helpers/simulator-world.ts";

async function post({ simulator }: World, path: string, body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${simulator.url}/phone/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
}

/** fetch does not let anybody choose the Host header. */
function statusWithHost(url: string, host: string, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const call = request({ hostname, port, path, headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    call.on("error", reject).end();
  });
}

const events = ({ simulator }: World, phone = PHONE) =>
  openEvents(`${simulator.url}/phone/events?phone=${encodeURIComponent(phone)}`);

async function worldWithMessage() {
  const world = await startWorld({}, "page");
  const { sid } = await sendApproval(world, await createApprovalTemplate(world.client));
  await world.simulator.waitForMessage((m) => m.sid === sid && m.status === "delivered");
  return { ...world, sid };
}

test("the state shows one phone's chat, the first phone by default", async () => {
  const world = await worldWithMessage();
  await world.simulator.type("from the other phone", { from: OTHER_PHONE });
  const state = async (query = "") =>
    await (await fetch(`${world.simulator.url}/phone/state${query}`)).json();
  const app = { app: "whatsapp", apps: [{ app: "whatsapp", title: "WhatsApp" }], hasReactions: false };
  expect(await state()).toEqual({
    ...app,
    sender: SENDER,
    phone: PHONE,
    phones: [PHONE, OTHER_PHONE],
    messages: [expect.objectContaining({ sid: world.sid, phone: PHONE, status: "delivered" })],
  });
  const other = await state(`?phone=${encodeURIComponent(OTHER_PHONE)}`);
  expect(other).toMatchObject({ phone: OTHER_PHONE, messages: [{ body: "from the other phone" }] });
});

test.each(["state", "events"])("%s of an unknown phone is 404", async (path) => {
  const { simulator } = await startWorld({}, "page");
  const response = await fetch(`${simulator.url}/phone/${path}?phone=%2B15558888888`);
  expect(response.status).toBe(404);
  expect(await response.json()).toEqual({ error: expect.any(String) });
});

test("the stream starts with the state and brings each new and changed message of its phone", async () => {
  const world = await startWorld({}, "page");
  const stream = await events(world);
  expect(stream.response.headers.get("content-type")).toMatch(/^text\/event-stream/);
  expect(await stream.next()).toEqual({
    event: "state",
    data: expect.objectContaining({
      sender: SENDER,
      phone: PHONE,
      phones: [PHONE, OTHER_PHONE],
      messages: [],
    }),
  });
  await world.simulator.type("not for this page", { from: OTHER_PHONE });
  const { sid } = await sendApproval(world, await createApprovalTemplate(world.client));
  for (const status of ["queued", "sent", "delivered"]) {
    expect(await stream.next()).toMatchObject({ event: "message", data: { sid, status } });
  }
  await world.simulator.tap(sid, "approve");
  expect(await stream.next()).toMatchObject({ data: { direction: "from-phone", buttonId: "approve:kqmwa" } });
  await world.simulator.close();
  expect(await stream.next()).toBeUndefined();
});

test.each([
  ["a page is open", true],
  ["none is", false],
])("while %s a message is read when a page says so, and only then", async (_what, isOpen) => {
  const world = await startWorld({}, "page");
  const stream = isOpen ? await events(world) : undefined;
  const { sid } = await sendApproval(world, await createApprovalTemplate(world.client), "kqmwa", {
    statusCallback: world.webhook.url,
  });
  await world.simulator.waitForMessage((m) => m.sid === sid && m.status === "delivered");
  await world.webhook.forms(2);
  expect((await world.client.messages(sid).fetch()).status).toBe("delivered");
  expect(await post(world, "read", { message: sid })).toEqual({ status: 204, body: undefined });
  const [, , read] = await world.webhook.forms(3);
  expect(read?.params).toMatchObject({ MessageStatus: "read", MessageSid: sid });
  await post(world, "read", { message: sid });
  await world.simulator.type("after");
  expect(world.webhook.received.filter(({ params }) => params["MessageStatus"] === "read")).toHaveLength(1);
  stream?.close();
});

test("a read that comes before the delivery follows it", async () => {
  const world = await startWorld({}, "page");
  const stream = await events(world);
  let release = () => {};
  const after = new Promise<void>((resolve) => {
    release = resolve;
  });
  world.webhook.answerWith(() => ({ after }));
  const { sid } = await sendApproval(world, await createApprovalTemplate(world.client), "kqmwa", {
    statusCallback: world.webhook.url,
  });
  await world.webhook.forms(1);
  await post(world, "read", { message: sid });
  release();
  const forms = await world.webhook.forms(3);
  expect(forms.map(({ params }) => params["MessageStatus"])).toEqual(["sent", "delivered", "read"]);
  stream.close();
});

test("tapping needs the button's exact id and returns the webhook's answer", async () => {
  const world = await worldWithMessage();
  const tap = (body: unknown) => post(world, "tap", body);
  expect(await tap({ message: world.sid, button: "approve:kqmwa" })).toEqual({
    status: 200,
    body: { status: 200, body: "<Response/>", contentType: "text/xml" },
  });
  expect(await tap({ message: world.sid, button: "approve" })).toMatchObject({ status: 404 });
  expect(await tap({ message: "SMnone", button: "approve:kqmwa" })).toEqual({
    status: 404,
    body: { error: expect.any(String) },
  });
  expect(await tap({ message: world.sid })).toMatchObject({
    status: 400,
    body: { error: expect.any(String) },
  });
  expect(world.webhook.received).toHaveLength(1);
});

test("typing sends for the chosen phone, quotes, and says what Twilio kept", async () => {
  const world = await worldWithMessage();
  const type = (body: unknown) => post(world, "type", body);
  expect(await type({ text: "hello", phone: OTHER_PHONE })).toMatchObject({
    status: 200,
    body: { status: 200 },
  });
  expect(await type({ text: "no", quote: world.sid })).toMatchObject({ status: 200 });
  const [plain, quoted] = await world.webhook.forms(2);
  expect(plain?.params).toMatchObject({ From: `whatsapp:${OTHER_PHONE}`, Body: "hello" });
  expect(quoted?.params).toMatchObject({ From: `whatsapp:${PHONE}`, OriginalRepliedMessageSid: world.sid });
  expect(await type({ text: "stop" })).toMatchObject({ status: 200, body: { withheld: "opt-out" } });
});

test.each([
  [400, "no text", { text: "" }],
  [400, "blanks", { text: " \n" }],
  [400, "4097 characters", { text: "x".repeat(4097) }],
  [400, "a number", { text: 1 }],
  [400, "another field", { words: "hello" }],
  [400, "no object", "hello"],
  [404, "an unknown phone", { text: "hello", phone: "+15558888888" }],
  [404, "an unknown quote", { text: "hello", quote: "SMnone" }],
])("typing is refused with %i: %s", async (status, _name, body) => {
  const world = await startWorld({}, "page");
  expect(await post(world, "type", body)).toEqual({ status, body: { error: expect.any(String) } });
  expect(world.webhook.received).toEqual([]);
});

test("4096 characters can be typed", async () => {
  const world = await startWorld({}, "page");
  expect(await post(world, "type", { text: "x".repeat(4096) })).toMatchObject({ status: 200 });
});

test.each(["tap", "type", "read"])("%s is refused to another origin", async (path) => {
  const world = await startWorld({}, "page");
  const port = Number(new URL(world.simulator.url).port);
  const others = [
    "https://evil.example",
    `http://127.0.0.1:${port === 65535 ? 1 : port + 1}`,
    "null",
    `https://127.0.0.1:${port}`,
  ];
  for (const origin of others) {
    expect((await post(world, path, { text: "hello" }, { origin })).status).toBe(403);
  }
  expect(world.simulator.messages()).toEqual([]);
  await expect(
    world.client.messages.create({ to: `whatsapp:${PHONE}`, from: SENDER, body: "hi" }),
  ).resolves.toBeDefined();
});

test("the page's own origin is let in; a form post is not understood", async () => {
  const world = await startWorld({}, "page");
  const origin = world.simulator.url;
  expect(await post(world, "type", { text: "hello" }, { origin })).toMatchObject({ status: 200 });
  const form = { "content-type": "application/x-www-form-urlencoded" };
  expect(await post(world, "type", { text: "hello" }, form)).toMatchObject({ status: 400 });
  expect(await post(world, "type", { text: "hello" }, { "content-type": "text/plain" })).toMatchObject({
    status: 400,
  });
});

test("another host name is refused, loopback names are not", async () => {
  const { simulator } = await startWorld({}, "page");
  const port = new URL(simulator.url).port;
  for (const path of ["/", "/phone/state", "/v1/Content"]) {
    expect(await statusWithHost(simulator.url, `rebound.example:${port}`, path)).toBe(403);
  }
  for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]) {
    expect(await statusWithHost(simulator.url, host, "/phone/state")).toBe(200);
  }
});

test("the page is served with headers that keep everything else out", async () => {
  const { simulator } = await startWorld({}, "page");
  const page = await fetch(simulator.url);
  expect(page.status).toBe(200);
  expect(await page.text()).toContain("<title>phone</title>");
  expect(page.headers.get("content-security-policy")).toBe(
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
  );
  expect(page.headers.get("x-content-type-options")).toBe("nosniff");
  expect(page.headers.get("referrer-policy")).toBe("no-referrer");
  expect(page.headers.get("cache-control")).toBe("no-store");
  expect(page.headers.has("x-powered-by")).toBe(false);
});

test("nothing else is served", async () => {
  const { simulator } = await startWorld({}, "page");
  for (const path of ["/nothing", "/phone/nothing", "/..%2f..%2fetc/passwd", "/%00", "/%E0%A4%A"]) {
    const { status } = await fetch(`${simulator.url}${path}`);
    expect([400, 403, 404]).toContain(status);
  }
});
