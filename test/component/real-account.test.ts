// The way with a real account's settings: a server of its own stands where Twilio stands, and nothing is prepared by us.

import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, request as httpRequest } from "node:http";
import { type AddressInfo, createServer as createSocket } from "node:net";
import { join } from "node:path";
import { getExpectedTwilioSignature } from "twilio/lib/webhooks/webhooks.js";
import { describe, expect, it, onTestFinished } from "vitest";
import { createContentApi } from "../../src/channels/twilio/templates/content-api.ts";
import { ensureTemplates } from "../../src/channels/twilio/templates/ensure-templates.ts";
import { LOOK_AGAIN_MS } from "../../src/channels/twilio/templates/live-templates.ts";
import { createQuestionLists } from "../../src/channels/twilio/templates/question-lists.ts";
import {
  parseTemplateConfig,
  TEMPLATE_CONFIG_FILE,
} from "../../src/channels/twilio/templates/template-config.ts";
import { createTwilioClient } from "../../src/channels/twilio/twilio-client.ts";
import { parseConfig } from "../../src/config/config.ts";
import { SANDBOX_SENDER } from "../../src/config/environment.ts";
import { reminderAt } from "../../src/core/civil-hours.ts";
import { LOOK_MS } from "../../src/core/keep-alive.ts";
import type { Clock } from "../../src/core/ports/clock.ts";
import { startServer } from "../../src/server/create-server.ts";
import type { ApprovalServer } from "../../src/server/server-contract.ts";
import { packageRoot } from "../../src/server/system.ts";
import type { SimMessage } from "../../src/simulator/contract.ts";
import { createFakeClock, type FakeClock } from "../helpers/fake-clock.ts";
import { postHook } from "../helpers/hook-client.ts";
import { DB, questionCall, REGION } from "../helpers/questions.ts";
import { BASH_CALL, callTool } from "../helpers/server-stage.ts";
import { createKeptLog, type KeptLog } from "../helpers/silent-log.ts";
import { startWorld } from "../helpers/simulator-world.ts";
import { temporaryFolder } from "../helpers/temporary.ts";
import { createTestTwilio, type TestTwilio } from "../twilio/create-test-twilio.ts";

const ACCOUNT = `AC${"1".repeat(32)}`;
const TOKEN = "0123456789abcdef0123456789abcdef";
const OTHER_TOKEN = "fedcba9876543210fedcba9876543210";
const KEY_SID = `SK${"2".repeat(32)}`;
const KEY_SECRET = "the-secret-of-the-api-key";
const PHONE = "+15005550006";
const OTHER_PHONE = "+15005550001";
const NO_WHATSAPP = "+15005550009";

const TEMPLATES = parseTemplateConfig(readFileSync(join(packageRoot(), TEMPLATE_CONFIG_FILE), "utf8"));

interface Account {
  readonly server: ApprovalServer;
  readonly twilio: TestTwilio;
  readonly log: KeptLog;
  /** The first approval request that comes to a phone. */
  request(phone?: string): Promise<SimMessage>;
  /** The first other message to a phone that contains `text`. */
  told(text: string, phone?: string): Promise<SimMessage>;
}

interface AccountOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** What an older version wrote into .env. Default: nothing. */
  readonly contentSids?: Readonly<Record<string, string>>;
  /** Whether WhatsApp has approved the templates before the server starts. */
  readonly isApproved?: boolean;
  /** Whether Twilio's Content API refuses every call. */
  readonly isContentDown?: boolean;
  /** What the world calls the webhook port. Default: its own address. */
  readonly publicUrl?: (webhookPort: number) => Promise<string> | string;
  readonly clock?: Clock;
}

async function startAccount({
  env = {},
  contentSids,
  isApproved = false,
  isContentDown = false,
  publicUrl,
  clock,
}: AccountOptions = {}): Promise<Account> {
  const twilio = await createTestTwilio({
    accountSid: ACCOUNT,
    authToken: TOKEN,
    apiKeys: { [KEY_SID]: KEY_SECRET },
    sender: SANDBOX_SENDER,
    phones: [PHONE, OTHER_PHONE],
    webhookUrl: () => "http://127.0.0.1:9/not-set-yet",
    pageDir: join(packageRoot(), "public", "phone"),
    port: 0,
    // One time for the server and for Twilio: when a reply was sent counts.
    ...(clock === undefined ? {} : { now: clock.now }),
  });
  onTestFinished(() => twilio.close());
  const webhookPort = await freePort();
  const config = parseConfig({
    TWILIO_ACCOUNT_SID: ACCOUNT,
    TWILIO_AUTH_TOKEN: TOKEN,
    TWILIO_BASE_URL: twilio.url,
    APPROVAL_PHONE: PHONE,
    PUBLIC_URL: (await publicUrl?.(webhookPort)) ?? `http://127.0.0.1:${webhookPort}`,
    SERVER_PORT: "0",
    WEBHOOK_PORT: String(webhookPort),
    APPROVAL_DB: join(temporaryFolder(), "approvals.db"),
    ...env,
  });
  const log = createKeptLog();
  if (isApproved) await approveTemplates(twilio);
  if (isContentDown) twilio.fail({ on: "content", kind: "reject", httpStatus: 503, times: 1_000 });
  const server = await startServer(config, {
    log,
    version: "0.0.0-test",
    contentSids,
    sendIntervalMs: 0,
    ...(clock === undefined ? {} : { clock }),
  });
  onTestFinished(() => server.close());
  // What a person does in Twilio's console.
  twilio.setWebhookUrl(server.webhookUrl);
  const toPhone = (phone: string, match: (body: string) => boolean) =>
    twilio.waitForMessage(
      (message) => message.direction === "to-phone" && message.phone === phone && match(message.body),
    );
  return {
    server,
    twilio,
    log,
    request: (phone = PHONE) => toPhone(phone, (body) => body.includes("Approval Request")),
    told: (text, phone = PHONE) => toPhone(phone, (body) => body.includes(text)),
  };
}

/** What `npm run setup-template -- --submit` and WhatsApp do. */
async function approveTemplates(twilio: TestTwilio): Promise<void> {
  const client = createTwilioClient({ accountSid: ACCOUNT, authToken: TOKEN, baseUrl: twilio.url });
  const api = createContentApi(client);
  // Submitted by the first run, looked at by the second: the third look finds them approved.
  for (let run = 0; run < 2; run += 1) await ensureTemplates(api, TEMPLATES, { submit: true });
}

async function freePort(): Promise<number> {
  const holder = createSocket().listen(0, "127.0.0.1");
  await once(holder, "listening");
  const { port } = holder.address() as AddressInfo;
  await once(holder.close(), "close");
  return port;
}

/** A proxy that serves `prefix` and passes on what is behind it. @returns its address, prefix included. */
async function startStrippingProxy(prefix: string, targetPort: number): Promise<string> {
  const proxy = createServer((req, res) => {
    if (!req.url?.startsWith(`${prefix}/`)) return void res.writeHead(404).end();
    const { method, headers, url } = req;
    const target = { host: "127.0.0.1", port: targetPort, path: url.slice(prefix.length), method, headers };
    const onward = httpRequest(target, (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(res);
    });
    onward.on("error", () => res.writeHead(502).end());
    req.pipe(onward);
  }).listen(0, "127.0.0.1");
  await once(proxy, "listening");
  onTestFinished(() => void proxy.close().closeAllConnections());
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}${prefix}`;
}

const idOf = ({ body }: SimMessage) => /\*Request ID:\* (\w+)/.exec(body)?.[1] ?? "";

describe("with a real account", () => {
  it("a tap allows the call, and nothing is said about the account that a log should not have", async () => {
    const { server, twilio, log, request, told } = await startAccount();
    expect(server.missingTemplates).toEqual([]);
    expect(server.simulator).toBeUndefined();
    const answer = callTool(server);
    const { sid } = await request();
    expect(await twilio.tap(sid, "approve")).toMatchObject({ status: 200, body: "<Response/>" });
    expect(await answer).toEqual({ behavior: "allow", updatedInput: BASH_CALL.input });
    await told("approved: Claude has the answer");
    expect(twilio.warnings()).toEqual([]);
    expect(log.text()).not.toContain(TOKEN);
  });

  it("Twilio's own webhooks count, those of anybody else do not", async () => {
    const { server, twilio, request } = await startAccount();
    const answer = callTool(server);
    const { sid } = await request();
    for (const fault of ["unsigned", "bad-signature"] as const) {
      expect(await twilio.tap(sid, "approve", { fault })).toMatchObject({ status: 403 });
    }
    expect(await twilio.tap(sid, "approve", { from: OTHER_PHONE })).toMatchObject({ status: 200 });
    expect(await twilio.tap(sid, "deny")).toMatchObject({ status: 200 });
    expect(await answer).toMatchObject({ behavior: "deny" });
  });

  it("wrong credentials deny the call at once and say so", async () => {
    const { server, twilio } = await startAccount({ env: { TWILIO_AUTH_TOKEN: OTHER_TOKEN } });
    const answer = await callTool(server);
    expect(answer).toMatchObject({ behavior: "deny", message: expect.stringContaining("20003") });
    expect(JSON.stringify(answer)).not.toContain(OTHER_TOKEN);
    expect(twilio.messages()).toEqual([]);
  });
});

describe("during a rotation of tokens", () => {
  // The account already signs with the second token; only the API key still opens the REST API.
  const env = {
    TWILIO_AUTH_TOKEN: OTHER_TOKEN,
    TWILIO_AUTH_TOKEN_SECONDARY: TOKEN,
    TWILIO_API_KEY_SID: KEY_SID,
    TWILIO_API_KEY_SECRET: KEY_SECRET,
  };

  it("messages go out with the API key, and webhooks of the secondary token are accepted", async () => {
    const { server, twilio, request } = await startAccount({ env });
    const answer = callTool(server);
    expect(await twilio.tap((await request()).sid, "approve")).toMatchObject({ status: 200 });
    expect(await answer).toMatchObject({ behavior: "allow" });
  });

  it("webhooks of the primary token are still accepted, those of the API key's secret never", async () => {
    const { server, request } = await startAccount({ env });
    const answer = callTool(server);
    const params = {
      AccountSid: ACCOUNT,
      MessageSid: "SM00000000000000000000000000000001",
      From: `whatsapp:${PHONE}`,
      To: SANDBOX_SENDER,
      Body: "x",
      ButtonPayload: `deny:${idOf(await request())}`,
    };
    const post = async (token: string) => {
      const headers = { "x-twilio-signature": getExpectedTwilioSignature(token, server.webhookUrl, params) };
      const body = new URLSearchParams(params);
      return (await fetch(server.webhookUrl, { method: "POST", headers, body })).status;
    };
    expect(await post(KEY_SECRET)).toBe(403);
    expect(await post(OTHER_TOKEN)).toBe(200);
    expect(await answer).toMatchObject({ behavior: "deny" });
  });

  it("a wrong API key is not papered over with the auth token", async () => {
    const { server, twilio } = await startAccount({
      env: { TWILIO_API_KEY_SID: KEY_SID, TWILIO_API_KEY_SECRET: "not-the-secret" },
    });
    expect(await callTool(server)).toMatchObject({
      behavior: "deny",
      message: expect.stringContaining("20003"),
    });
    expect(twilio.messages()).toEqual([]);
  });
});

describe("lists of questions that a crash left behind", () => {
  it("are deleted by the server that starts", async () => {
    const { simulator, client } = await startWorld();
    const { contents } = client.content.v1;
    const types = {
      "twilio/list-picker": { body: "Which?", button: "Choose", items: [{ id: "a", item: "1. A" }] },
    };
    const left = { friendly_name: "approval_question_kqmwa_1", language: "en", variables: {}, types };
    await contents.create(left as never);
    await startAccount({ env: { TWILIO_BASE_URL: simulator.url } });
    const names = async () => (await contents.list()).map(({ friendlyName }) => friendlyName);
    await expect.poll(names).not.toContain(left.friendly_name);
  });

  it("are told from everything else, and from what is in use", async () => {
    const { twilio } = await startAccount();
    const client = createTwilioClient({ accountSid: ACCOUNT, authToken: TOKEN, baseUrl: twilio.url });
    const { contents } = client.content.v1;
    const names = async () => (await contents.list()).map(({ friendlyName }) => friendlyName);
    const before = await names();
    const item = { id: "answer:kqmwa:1:1", item: "1. Postgres" };
    const types = { "twilio/list-picker": { body: "Which DB?", button: "Choose", items: [item] } };
    const left = { friendly_name: "approval_question_kqmwa_1", language: "en", variables: {}, types };
    await contents.create(left as never);
    expect(await names()).toHaveLength(before.length + 1);
    const lists = createQuestionLists(client, createKeptLog());
    const ended = new AbortController();
    const { items, ...list } = types["twilio/list-picker"];
    const live = await lists.create("abcde_1", { ...list, items }, ended.signal);
    await lists.cleanUp();
    expect(await names()).toEqual([...before, "approval_question_abcde_1"]);
    ended.abort();
    await lists.idle();
    expect(live).toMatch(/^HX/);
    expect(await names()).toEqual(before);
  });

  it("do not keep the server from starting when Twilio does not answer", async () => {
    const log = createKeptLog();
    const client = createTwilioClient({
      accountSid: ACCOUNT,
      authToken: TOKEN,
      baseUrl: "http://127.0.0.1:9",
    });
    const lists = createQuestionLists(client, log);
    await lists.cleanUp();
    expect(log.text()).toContain("could not be looked up");
  });
});

describe("while Twilio does not tell its templates", () => {
  it("the request is a plain message that says what to type, and typing it works", async () => {
    const { server, twilio, request, told } = await startAccount({ isContentDown: true });
    expect(server.missingTemplates).toEqual(TEMPLATES.map(({ key }) => key));
    const answer = callTool(server);
    const message = await request();
    const id = idOf(message);
    expect(message.buttons).toEqual([]);
    expect(message.body).toContain("Execute command: `ls -la /etc`");
    const [typed = ""] = message.body.match(/APPROVE \w+/) ?? [];
    expect(typed).toBe(`APPROVE ${id}`);
    expect(message.body).toContain(`DENY ${id}`);
    await twilio.type(typed);
    expect(await answer).toEqual({ behavior: "allow", updatedInput: BASH_CALL.input });
    await told(`${id} approved`);
  });

  it("a quoted word of refusal works as well", async () => {
    const { server, twilio, request } = await startAccount({ isContentDown: true });
    const answer = callTool(server);
    await twilio.type("not today", { quote: (await request()).sid });
    expect(await answer).toMatchObject({ behavior: "deny", message: expect.stringContaining("not today") });
  });

  it("the SIDs of an old .env are used; one that is gone is replaced by text at once", async () => {
    const contentSids = Object.fromEntries(TEMPLATES.map(({ env }) => [env, `HX${"0".repeat(32)}`]));
    const { server, twilio, log } = await startAccount({ contentSids, isContentDown: true });
    expect(server.missingTemplates).toEqual([]);
    const answer = callTool(server);
    const { body } = await twilio.waitForMessage(({ direction }) => direction === "to-phone");
    await twilio.type(/Type (APPROVE [a-z]{5})/.exec(body)?.[1] ?? "");
    expect(await answer).toMatchObject({ behavior: "allow" });
    expect(log.text()).toContain("the template is gone at Twilio");
  });
});

describe("the templates of an account", () => {
  const titles = ({ buttons }: SimMessage) => buttons.map(({ title }) => title);

  it("that are deleted are made again by themselves: text meanwhile, buttons after a few minutes", async () => {
    const clock = createFakeClock();
    const { server, twilio, request, log } = await startAccount({ clock });
    const client = createTwilioClient({ accountSid: ACCOUNT, authToken: TOKEN, baseUrl: twilio.url });
    for (const { sid } of await client.content.v1.contents.list())
      await client.content.v1.contents(sid).remove();
    const answer = callTool(server);
    const text = await request();
    expect(text.buttons).toEqual([]);
    await twilio.type(`DENY ${idOf(text)}`);
    expect(await answer).toMatchObject({ behavior: "deny" });
    await clock.advance(LOOK_AGAIN_MS);
    const made = () => log.entries.filter(({ message }) => message === "the message templates were made");
    await expect.poll(made).toMatchObject([{ fields: { made: 13 } }, { fields: { made: 13 } }]);
    const again = callTool(server, { ...BASH_CALL, tool_use_id: "toolu_2" });
    const isSecond = ({ body, direction }: SimMessage) =>
      direction === "to-phone" &&
      body.includes("Approval Request") &&
      idOf({ body } as SimMessage) !== idOf(text);
    const message = await twilio.waitForMessage(isSecond);
    expect(titles(message)).toEqual(["✅ Approve", "❌ Deny", "🔁 Session"]);
    await twilio.tap(message.sid, "deny");
    await again;
  });

  it("have buttons at the next start although Twilio does not tell them then", async () => {
    const database = { APPROVAL_DB: join(temporaryFolder(), "approvals.db") };
    const first = await startAccount({ env: database });
    await first.server.close();
    first.twilio.fail({ on: "content", kind: "reject", httpStatus: 503, times: 1_000 });
    const env = { ...database, TWILIO_BASE_URL: first.twilio.url };
    const { server } = await startAccount({ env });
    expect(server.missingTemplates).toEqual([]);
    const answer = callTool(server);
    const { buttons } = await first.request();
    expect(buttons).toHaveLength(3);
    await server.close();
    expect(await answer).toMatchObject({ behavior: "deny" });
  });
});

describe("several approvers", () => {
  const env = { APPROVAL_PHONE: `${PHONE},${OTHER_PHONE}` };

  it("are all asked; the first answer decides, a later one changes nothing and says so", async () => {
    const { server, twilio, request, told } = await startAccount({ env });
    const answer = callTool(server);
    const [mine, theirs] = await Promise.all([request(PHONE), request(OTHER_PHONE)]);
    expect(mine.body).toBe(theirs.body);
    await twilio.tap(theirs.sid, "deny");
    expect(await answer).toMatchObject({ behavior: "deny" });
    await told("denied: Claude has the answer", OTHER_PHONE);
    await twilio.tap(mine.sid, "approve");
    expect((await told("already denied", PHONE)).body).toMatch(/nothing ran$/);
  });

  it("may answer at the same moment: exactly one counts", async () => {
    const { server, twilio, request, told } = await startAccount({ env });
    const answer = callTool(server);
    const [mine, theirs] = await Promise.all([request(PHONE), request(OTHER_PHONE)]);
    await Promise.all([twilio.tap(mine.sid, "approve"), twilio.tap(theirs.sid, "approve")]);
    expect(await answer).toMatchObject({ behavior: "allow" });
    const said = (text: string) => Promise.any([PHONE, OTHER_PHONE].map((phone) => told(text, phone)));
    const [counted, late, heard] = await Promise.all([
      said("approved: Claude has the answer"),
      said("was already approved"),
      said("approved by …"),
    ]);
    expect(counted.phone).not.toBe(late.phone);
    expect(heard.phone).toBe(late.phone);
  });

  it("who cannot be reached do not stop the others: refused at once", async () => {
    const { server, twilio, log } = await startAccount({ env });
    twilio.fail({ kind: "reject", httpStatus: 400, code: 21211 });
    const answer = callTool(server);
    const reached = await twilio.waitForMessage(({ direction }) => direction === "to-phone");
    await twilio.tap(reached.sid, "approve");
    expect(await answer).toMatchObject({ behavior: "allow" });
    expect(log.text()).toContain("a request was not taken for one approver");
  });

  it("who cannot be reached do not stop the others: reported later", async () => {
    const { server, twilio, request } = await startAccount({
      env: { APPROVAL_PHONE: `${NO_WHATSAPP},${OTHER_PHONE}` },
    });
    const answer = callTool(server);
    await twilio.waitForMessage(({ phone, status }) => phone === NO_WHATSAPP && status === "undelivered");
    await twilio.tap((await request(OTHER_PHONE)).sid, "approve");
    expect(await answer).toMatchObject({ behavior: "allow" });
  });

  it("who can none be reached: the call is denied with the reason", async () => {
    const { server, twilio } = await startAccount({ env });
    twilio.fail({ kind: "callback", status: "undelivered", code: 63024, times: 2 });
    expect(await callTool(server)).toMatchObject({
      behavior: "deny",
      message: expect.stringMatching(/could not be delivered to the phone.*63024/s),
    });
  });
});

describe("behind a public address with a path", () => {
  it("a proxy may take the path away: signatures are made and checked over the address that Twilio knows", async () => {
    const publicUrl = (webhookPort: number) => startStrippingProxy("/approvals/claude", webhookPort);
    const { server, twilio, request } = await startAccount({ publicUrl });
    expect(server.webhookUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/approvals\/claude\/twilio-webhook$/);
    const answer = callTool(server);
    const { sid } = await request();
    await twilio.waitForMessage((message) => message.sid === sid && message.status === "read");
    expect(await twilio.tap(sid, "approve")).toMatchObject({ status: 200 });
    expect(await answer).toMatchObject({ behavior: "allow" });
  });

  it("a signature over another address, even the one that was really called, is refused", async () => {
    const publicUrl = (webhookPort: number) => `http://127.0.0.1:${webhookPort}/approvals`;
    const { server, twilio, request } = await startAccount({ publicUrl });
    const answer = callTool(server);
    const message = await request();
    const bare = server.webhookUrl.replace("/approvals", "");
    twilio.setWebhookUrl(bare);
    expect(await twilio.tap(message.sid, "approve")).toMatchObject({ status: 403 });
    const params = {
      AccountSid: ACCOUNT,
      MessageSid: "SM00000000000000000000000000000001",
      From: `whatsapp:${PHONE}`,
      To: SANDBOX_SENDER,
      ButtonPayload: `deny:${idOf(message)}`,
    };
    const signature = getExpectedTwilioSignature(TOKEN, server.webhookUrl, params);
    const headers = { "x-twilio-signature": signature };
    const response = await fetch(bare, { method: "POST", headers, body: new URLSearchParams(params) });
    expect(response.status).toBe(200);
    expect(await answer).toMatchObject({ behavior: "deny" });
  });

  it("slashes at its end and connection overrides do no harm", async () => {
    const publicUrl = (webhookPort: number) => `http://127.0.0.1:${webhookPort}//#rc=5&rp=all`;
    const { server, twilio, request } = await startAccount({ publicUrl });
    const answer = callTool(server);
    expect(await twilio.tap((await request()).sid, "approve")).toMatchObject({ status: 200 });
    expect(await answer).toMatchObject({ behavior: "allow" });
  });
});

describe("without an address for webhooks", () => {
  const env = { PUBLIC_URL: "" };
  const NOWHERE = "http://127.0.0.1:9/twilio-webhook";

  async function startFetching() {
    const clock = createFakeClock(Date.now());
    const account = await startAccount({ env, clock });
    account.twilio.setWebhookUrl(NOWHERE);
    return { ...account, clock };
  }

  it("a tap is fetched while the call waits: the button's title carries the id", async () => {
    const { server, twilio, request, told, clock } = await startFetching();
    const answer = callTool(server);
    const { sid, body, buttons } = await request();
    const id = /\*Request ID:\* ([a-z]{5})/.exec(body)?.[1];
    expect(buttons.map(({ title }) => title)).toEqual([
      `✅ Approve ${id}`,
      `❌ Deny ${id}`,
      `🔁 Session ${id}`,
    ]);
    expect(await twilio.tap(sid, "approve")).toHaveProperty("error");
    let settled: unknown;
    void answer.then((value) => {
      settled = value;
    });
    await expect
      .poll(async () => {
        await clock.advance(2_000);
        return settled;
      })
      .toMatchObject({ behavior: "allow" });
    await told(`${id} approved: Claude has the answer`);
  });

  it("a question has no list, because a pick would not say for which; what is typed is fetched", async () => {
    const { server, twilio, told, clock } = await startFetching();
    const answer = callTool(server, { tool_name: "AskUserQuestion", input: questionCall(DB, REGION).input });
    let settled: unknown;
    void answer.then((value) => {
      settled = value;
    });
    const { body, buttons } = await told("Which DB?");
    expect(buttons).toEqual([]);
    const id = /\*Request ID:\* ([a-z]{5})/.exec(body)?.[1] ?? "";
    await twilio.type(`${id} 2`);
    const poll = () => clock.advance(2_000);
    await expect
      .poll(async () => {
        await poll();
        return twilio.messages().some((message) => message.body.includes("Which region?"));
      })
      .toBe(true);
    await poll();
    await poll();
    await twilio.type(`${id} by the sea`);
    await expect
      .poll(async () => {
        await poll();
        return settled;
      })
      .toMatchObject({ updatedInput: { answers: { "Which DB?": "SQLite", "Which region?": "by the sea" } } });
    await told(`${id} answered: Claude has the answer`);
  });

  it("a message that is not delivered ends the wait: its status is fetched too", async () => {
    const { server, twilio, clock } = await startFetching();
    twilio.closeSession(PHONE);
    const answer = callTool(server);
    await twilio.waitForMessage(({ status }) => status === "undelivered");
    let settled: unknown;
    void answer.then((value) => {
      settled = value;
    });
    await expect
      .poll(async () => {
        await clock.advance(2_000);
        return settled;
      })
      .toMatchObject({ behavior: "deny", message: expect.stringContaining("63016") });
  });

  it("the server starts while Twilio is down, and says that there are no buttons", async () => {
    const { log, server } = await startAccount({ env: { ...env, TWILIO_BASE_URL: "http://127.0.0.1:9" } });
    expect((await fetch(`${server.localUrl}/health`)).status).toBe(200);
    expect(log.text()).toContain("those that are missing have no buttons");
  });

  it("nothing is fetched while nothing waits", async () => {
    const { twilio, clock, log } = await startFetching();
    await twilio.type("status");
    await clock.advance(60_000);
    expect(twilio.messages().filter(({ direction }) => direction === "to-phone")).toEqual([]);
    expect(log.entries.filter(({ level }) => level === "error")).toEqual([]);
  });

  it("a stranger's words are read and refused", async () => {
    const { server, twilio, request, clock } = await startFetching();
    const caller = new AbortController();
    const answer = callTool(server, BASH_CALL, { signal: caller.signal }).catch(() => "gone");
    const { body } = await request();
    const id = /\*Request ID:\* ([a-z]{5})/.exec(body)?.[1];
    await twilio.type(`APPROVE ${id}`, { from: "+15005550001" });
    await clock.advance(10_000);
    expect(await (await fetch(`${server.localUrl}/health`)).json()).toMatchObject({ waiting: 1 });
    caller.abort();
    await answer;
  });
});

describe("outside the 24-hour session", () => {
  it("a template that is not approved denies at once, with what to do", async () => {
    const { server, twilio } = await startAccount();
    twilio.closeSession(PHONE);
    const answer = await callTool(server);
    expect(answer).toMatchObject({ behavior: "deny", message: expect.stringContaining("63016") });
    expect(answer).toMatchObject({ message: expect.stringMatching(/send any message/i) });
  });

  it("an approved template still reaches the phone", async () => {
    const { server, twilio, request } = await startAccount({ isApproved: true });
    twilio.closeSession(PHONE);
    const answer = callTool(server);
    const { sid } = await request();
    await twilio.waitForMessage(
      (message) => message.sid === sid && /^(delivered|read)$/.test(message.status),
    );
    await twilio.tap(sid, "approve");
    expect(await answer).toMatchObject({ behavior: "allow" });
  });
});

describe("a chat that is about to close", () => {
  const HOUR = 3_600_000;
  const isReminder = ({ direction, body }: SimMessage) => direction === "to-phone" && body.startsWith("⏳");

  /** One request was asked and answered at the beginning; then nothing happens until the reminder is due. */
  async function untilReminder(options: AccountOptions = {}) {
    const clock = createFakeClock();
    const account = await startAccount({ clock, ...options });
    const { server, twilio, request } = account;
    const answer = callTool(server);
    await twilio.type(`DENY ${idOf(await request())}`);
    await answer;
    await account.told("denied");
    const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
    const due = reminderAt(clock.now() + 24 * HOUR, clock.now(), zone) ?? 0;
    await hoursPass(clock, due - clock.now() + LOOK_MS);
    return { ...account, clock };
  }

  /** An hour at a time, each with its looks at the end: all that looks every two seconds would keep this machine busy. */
  async function hoursPass(clock: FakeClock, ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= HOUR) {
      const part = Math.min(left, HOUR);
      clock.pass(Math.max(0, part - LOOK_MS));
      await clock.advance(Math.min(part, LOOK_MS));
    }
  }

  it("is told of with a button, and a tap on it keeps it open and decides nothing", async () => {
    const { twilio, told, clock, server } = await untilReminder();
    const reminder = await twilio.waitForMessage(isReminder);
    expect(reminder.buttons).toEqual([{ id: "keep-open", title: "Keep it open" }]);
    expect(reminder.body).toContain("It approves nothing.");
    expect(await twilio.tap(reminder.sid, "keep-open")).toMatchObject({ status: 200 });
    await told("Kept open");
    await hoursPass(clock, 20 * HOUR);
    const answer = callTool(server, { ...BASH_CALL, tool_use_id: "toolu_2" });
    const isSecond = ({ body, sid }: SimMessage) =>
      body.includes("Approval Request") && twilio.messages().findIndex((each) => each.sid === sid) > 2;
    const { sid } = await twilio.waitForMessage(isSecond);
    await twilio.tap(sid, "approve");
    expect(await answer).toMatchObject({ behavior: "allow" });
    expect(twilio.messages().filter(isReminder)).toHaveLength(1);
  });

  it("is told of in text where the button's template could not be had", async () => {
    const { twilio } = await untilReminder({ isContentDown: true });
    expect(await twilio.waitForMessage(isReminder)).toMatchObject({
      buttons: [],
      body: expect.stringContaining('Type "keep it open"'),
    });
  });

  it("is not told of with KEEP_ALIVE=off", async () => {
    const { twilio, clock } = await untilReminder({ env: { KEEP_ALIVE: "off" } });
    await clock.advance(3 * HOUR);
    expect(twilio.messages().filter(isReminder)).toEqual([]);
  });
});

it("offers no reply as the next instruction where replies are fetched: nobody would see what it quotes", async () => {
  const env = { CONTINUE_MINUTES: "30", DONE_MESSAGES: "on", PUBLIC_URL: "" };
  const { server, twilio, log, told } = await startAccount({ env });
  await twilio.type("hello");
  const session = { session_id: "9d474c58-b4db-446a-9bb9-efb62da9c029", cwd: "/code/web-shop" };
  const post = async (event: string) => (await postHook(server, event, session)).json();
  expect(await post("wait-reply")).toEqual({});
  await post("stop");
  expect((await told("Claude has finished")).body).not.toContain("next instruction");
  expect(log.text()).toContain("CONTINUE_MINUTES has no effect");
});
