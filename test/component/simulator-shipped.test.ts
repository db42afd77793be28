// The simulator as it ships: whoever reaches it over HTTP can use the phone, and cannot make Twilio misbehave.
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { parseConfig } from "../../src/config/config.ts";
import { startServer } from "../../src/server/create-server.ts";
import { createSimulatorApp } from "../../src/simulator/app.ts";
import { openPhone } from "../helpers/phone-client.ts";
import { BASH_CALL, callTool } from "../helpers/server-stage.ts";
import { createKeptLog } from "../helpers/silent-log.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

/** The server with nothing from test/ in it. */
async function startShipped() {
  const config = parseConfig({
    SERVER_PORT: "0",
    WEBHOOK_PORT: "0",
    SIMULATOR_PORT: "0",
    APPROVAL_DB: join(temporaryFolder(), "approvals.db"),
  });
  const server = await startServer(config, { log: createKeptLog(), version: "0.0.0-test" });
  onTestFinished(() => server.close());
  const url = server.simulator?.url ?? "";
  const phone = await openPhone(url);
  onTestFinished(() => phone.close());
  const post = async (path: string, body: object) => {
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    return { status: response.status, body: await response.json() };
  };
  return { server, phone, post };
}

test("answers 404 to every fault that is asked for, and the next call goes its way", async () => {
  const { server, phone, post } = await startShipped();
  for (const fault of [
    { kind: "reject", httpStatus: 503, times: 1000 },
    { kind: "callback", status: "failed", code: 63018, times: 1000 },
    { kind: "hang", times: 1000 },
    { kind: "lost", times: 1000 },
    { kind: "silent", times: 1000 },
  ]) {
    expect(await post("/phone/fault", fault)).toEqual({
      status: 404,
      body: { error: "there is no such route" },
    });
  }
  const answer = callTool(server);
  const { message } = await phone.waitForRequest();
  await phone.waitForMessage(({ sid, status }) => sid === message.sid && status === "delivered");
  await phone.tap(message.sid, message.buttons[0]?.id ?? "");
  expect(await answer).toEqual({ behavior: "allow", updatedInput: BASH_CALL.input });
});

test.each(["duplicate", "unsigned", "bad-signature", "late"])(
  "refuses a tap and a text that ask to be %s",
  async (fault) => {
    const { server, phone, post } = await startShipped();
    const answer = callTool(server);
    const { id, message } = await phone.waitForRequest();
    const button = `approve:${id}`;
    expect(await post("/phone/tap", { message: message.sid, button, fault })).toMatchObject({ status: 400 });
    expect(await post("/phone/type", { text: `APPROVE ${id}`, fault })).toMatchObject({ status: 400 });
    expect(phone.messages().filter(({ direction }) => direction === "from-phone")).toEqual([]);
    await phone.tap(message.sid, `deny:${id}`);
    expect(await answer).toMatchObject({ behavior: "deny" });
  },
);

test("has the routes of Twilio and of a phone, and no others", () => {
  const options = {
    accountSid: "AC1",
    authToken: "token",
    sender: "whatsapp:+14155238886",
    phones: ["+15550001111"],
    webhookUrl: () => "http://127.0.0.1:9/twilio-webhook",
    pageDir: "/",
    port: 0,
  };
  const app = createSimulatorApp(options, { phones: { numbers: [] } } as never);
  expect([...new Set(routesOf(app.router))]).toEqual([
    "POST /Messages.json",
    "GET /Messages.json",
    "GET /Messages/:file",
    "GET /2010-04-01/Accounts/AC1.json",
    "GET /v1/Content",
    "GET /v2/Content",
    "POST /v1/Content",
    "GET /v1/Content/:sid",
    "PUT /v1/Content/:sid",
    "DELETE /v1/Content/:sid",
    "GET /v1/Content/:sid/ApprovalRequests",
    "POST /v1/Content/:sid/ApprovalRequests/whatsapp",
    "POST /v2/Indicators/Typing.json",
    "GET /v2/Channels/Senders",
    "GET /v2/Channels/Senders/:sid",
    "POST /v2/Channels/Senders/:sid",
    "GET /state",
    "GET /events",
    "POST /tap",
    "POST /type",
    "POST /react",
    "POST /read",
  ]);
});

interface Layers {
  readonly stack: readonly {
    readonly route?: { readonly path: string; readonly stack: readonly { readonly method: string }[] };
    readonly handle: unknown;
  }[];
}

/** Each handler's route, in a router and the routers in it, without the path that they are mounted at. */
function routesOf(router: unknown): readonly string[] {
  return (router as Layers).stack.flatMap(({ route, handle }) => {
    if (route !== undefined) return route.stack.map(({ method }) => `${method.toUpperCase()} ${route.path}`);
    return typeof handle === "function" && "stack" in handle ? routesOf(handle) : [];
  });
}
