// `npm run doctor` against the simulated Twilio, real files and real ports.
import { once } from "node:events";
import { chmodSync, copyFileSync, existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Router } from "express";
import { describe, expect, it, onTestFinished } from "vitest";
import { createWebhook } from "../../src/channels/twilio/receive/webhook.ts";
import { createApprovers } from "../../src/core/approvers.ts";
import type { Check } from "../../src/doctor/check.ts";
import { databaseCheck } from "../../src/doctor/database.ts";
import { type PhoneWindow, phonesCheck } from "../../src/doctor/phones.ts";
import { type Finding, runChecks } from "../../src/doctor/run-checks.ts";
import { type SenderDeps, senderCheck } from "../../src/doctor/sender.ts";
import { type TemplatesDeps, templatesCheck } from "../../src/doctor/templates.ts";
import { twilioAccountCheck } from "../../src/doctor/twilio-account.ts";
import { DeliveryError } from "../../src/domain/errors.ts";
import type { Phone } from "../../src/domain/tool-call.ts";
import { createLocalApp, createPublicApp } from "../../src/server/apps.ts";
import { createInstanceProof } from "../../src/server/instance-proof.ts";
import { listen } from "../../src/server/listener.ts";
import { packageRoot } from "../../src/server/system.ts";
import { createSqliteStore } from "../../src/store/sqlite.ts";
import { runHere } from "../helpers/command-line.ts";
import { claudeEnvironment } from "../helpers/doctor-stage.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { createGateStage } from "../helpers/gate-stage.ts";
import { createKeptLog } from "../helpers/silent-log.ts";
import { ACCOUNT, SENDER, startWorld, TOKEN } from "../helpers/simulator-world.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const PHONE = "+15005550006";
const FREE_PORTS = { SERVER_PORT: "0", WEBHOOK_PORT: "0", SIMULATOR_PORT: "0" };

interface RunOptions {
  readonly argv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly folder?: string;
  readonly colour?: boolean;
  readonly nodeVersion?: string;
}

async function doctor({ argv = [], env = {}, ...more }: RunOptions = {}) {
  return runHere(["doctor", ...argv], {
    nodeVersion: "v24.11.0",
    isTerminal: false,
    ...more,
    env: { ...FREE_PORTS, ...claudeEnvironment(), ...env },
  });
}

async function findings(options: RunOptions = {}): Promise<Map<string, Finding>> {
  const { out } = await doctor({ ...options, argv: ["--json", ...(options.argv ?? [])] });
  const { checks } = JSON.parse(out) as { checks: Finding[] };
  return new Map(checks.map((check) => [check.description, check]));
}

/** The server's two apps on free ports, as a running server has them. */
async function startApps(token?: string): Promise<{ serverPort: string; webhookPort: string }> {
  const log = createKeptLog();
  const health = async () => ({ status: "ok", version: "0.0.0-test" });
  const prove = createInstanceProof();
  const access = token === undefined ? {} : { token };
  const local = await listen("127.0.0.1", 0, "SERVER_PORT");
  local.serve(
    createLocalApp({ access: { host: "127.0.0.1", ...access }, doors: [Router()], health, prove, log }),
  );
  const outside = await listen("127.0.0.1", 0, "WEBHOOK_PORT");
  const { gate, clock } = createGateStage();
  const replyHandler = { receive: async () => {}, idle: async () => {}, ended: () => {} };
  const account = {
    accountSid: ACCOUNT,
    sender: SENDER,
    authTokens: [TOKEN],
    publicUrl: () => undefined,
    prove,
  };
  outside.serve(createPublicApp(createWebhook({ gate, replyHandler, clock, log, ...account }), log));
  onTestFinished(async () => {
    await local.close();
    await outside.close();
  });
  return { serverPort: String(local.port), webhookPort: String(outside.port) };
}

/** A simulated Twilio that is taken for the real one, and the environment that points to it. */
async function startTwilio(extra: Record<string, string> = {}) {
  const world = await startWorld({
    phones: [PHONE],
    apiKeys: { [`SK${"2".repeat(32)}`]: "simulated-s3cret" },
  });
  const env = {
    TWILIO_ACCOUNT_SID: ACCOUNT,
    TWILIO_AUTH_TOKEN: TOKEN,
    TWILIO_BASE_URL: world.simulator.url,
    APPROVAL_PHONE: PHONE,
    ...("PUBLIC_URL" in extra ? {} : { NGROK_AUTHTOKEN: "ngrok-t0ken-of-the-test" }),
    ...extra,
  };
  return { ...world, env };
}

/** A folder with the template SIDs of `npm run setup-template` in its .env. */
async function folderWithTemplates(env: Record<string, string>): Promise<string> {
  const folder = temporaryFolder();
  copyFileSync(join(packageRoot(), "template_config.json"), join(folder, "template_config.json"));
  expect((await runHere(["setup-template"], { env, folder })).code).toBe(0);
  return folder;
}

describe("npm run doctor", () => {
  it("finds everything in order with the simulated phone, and changes nothing", async () => {
    const folder = temporaryFolder();
    const { code, out } = await doctor({ folder });
    expect(out).toMatch(/^ok {7}Node\.js/m);
    expect(out).toMatch(/^ok {7}phone\s+simulated/m);
    expect(out).not.toContain("Twilio account");
    expect(out).toMatch(/Everything is in order\.\n$/);
    expect(code).toBe(0);
    expect(existsSync(join(folder, "data"))).toBe(false);
  });

  it("lists every problem of the configuration and exits with 1", async () => {
    const { code, out } = await doctor({
      env: { APPROVAL_TIMEOUT_SECONDS: "5", TWILIO_ACCOUNT_SID: ACCOUNT },
    });
    expect(code).toBe(1);
    expect(out).toMatch(/^error {4}configuration +APPROVAL_TIMEOUT_SECONDS: must be at least 10/m);
    expect(out).toContain("1 error.");
  });

  it("says whether the policy's file is in force", async () => {
    const folder = temporaryFolder();
    const path = join(folder, "policy.json");
    const policy = async (env = {}) => (await findings({ folder, env })).get("policy");
    expect(await policy()).toMatchObject({ status: "ok", detail: "no policy.json: everything asks" });
    expect(await policy({ APPROVAL_POLICY: "mine.json" })).toMatchObject({ status: "error" });
    writeFileSync(path, '{"version":1,"rules":[{"decision":"deny","rules":["WebFetch"]}]}', { mode: 0o600 });
    expect(await policy()).toMatchObject({ status: "ok", detail: `${path}: 1 deny, 0 ask, 0 allow` });
    writeFileSync(path, '{"version":1,"rules":[{"decision":"allow","rules":["WebFetch"]}]}');
    expect(await policy()).toMatchObject({
      status: "error",
      advice: expect.stringContaining("policy -- check"),
    });
    writeFileSync(path, '{"version":1}');
    chmodSync(path, 0o666);
    expect((await policy())?.detail).toContain("can be written by others");
  });

  it("colours the status on a terminal only, and speaks JSON when asked", async () => {
    expect((await doctor({ colour: true })).out).toContain("\u001b[32mok\u001b[39m");
    expect((await doctor()).out).not.toContain("\u001b");
    const { out, code } = await doctor({ argv: ["--json"], nodeVersion: "v18.20.0" });
    const report = JSON.parse(out) as { ok: boolean; checks: Finding[] };
    expect(report.ok).toBe(false);
    expect(report.checks[0]).toMatchObject({ status: "error", detail: "v18.20.0 is too old" });
    expect(code).toBe(1);
  });

  it("refuses an argument that it does not know", async () => {
    const { code, out, err } = await doctor({ argv: ["--fixx"] });
    expect({ code, out }).toEqual({ code: 64, out: "" });
    expect(err).toContain("did you mean --fix?");
  });
});

describe("the next instruction", () => {
  it.each([
    [undefined, "off: no reply"],
    ["45", "within 45 minutes, goes to Claude where the hooks are installed; claude -p waits as long"],
  ])("with CONTINUE_MINUTES %s says what a reply does", async (minutes, detail) => {
    const address = { PUBLIC_URL: "https://example.com" };
    const env: Record<string, string> =
      minutes === undefined ? {} : { ...address, CONTINUE_MINUTES: minutes };
    const found = (await findings({ env })).get("instructions");
    expect(found).toMatchObject({ status: "ok" });
    expect(found?.detail).toContain(detail);
  });
});

describe("replies", () => {
  it.each([
    ["", "ok", "an approval by webhook counts once Twilio has the message"],
    ["all", "ok", "every reply by webhook counts once Twilio has the message"],
    ["off", "warning", "VERIFY_REPLIES is off: whoever can read TWILIO_AUTH_TOKEN can approve"],
  ])("are said to be verified or not: VERIFY_REPLIES=%s", async (VERIFY_REPLIES, status, detail) => {
    expect((await findings({ env: { VERIFY_REPLIES } })).get("replies")).toMatchObject({ status, detail });
  });

  it("are shown with every name that an approver has, without the numbers", async () => {
    const phone = "+525512345678" as Phone;
    const folder = temporaryFolder();
    const path = join(folder, "approvals.db");
    const store = createSqliteStore(path);
    const log = createKeptLog();
    const common = { phones: [phone], userIds: new Map(), secrets: [TOKEN], clock: createFakeClock(), log };
    await (await createApprovers({ ...common, store })).learn(phone, "US.13491208655302741918");
    await store.close();
    const { env } = await startTwilio({ APPROVAL_PHONE: phone, APPROVAL_DB: path });
    const windows = async (more = {}) =>
      (await findings({ env: { ...env, ...more }, folder })).get("phones")?.detail;
    expect(await windows()).toMatch(/; replies also as \+521…5678, US\.…1918$/);
    expect(await windows({ APPROVAL_PHONE: `${phone}=whatsapp:MX.777712345` })).toMatch(/ MX\.…2345$/);
    expect(await windows({ APPROVAL_PHONE: PHONE })).not.toContain("replies also as");
    expect(await windows()).not.toMatch(/5512345678|13491208/);
  });
});

describe("the database", () => {
  it("is said to be private, and made so by --fix only", async () => {
    const path = join(temporaryFolder(), "approvals.db");
    writeFileSync(path, "");
    chmodSync(path, 0o644);
    const env = { APPROVAL_DB: path };
    expect((await findings({ env })).get("database")).toMatchObject({ status: "warning", fixable: true });
    expect(statSync(path).mode & 0o777).toBe(0o644);
    expect((await findings({ env, argv: ["--fix"] })).get("database")).toMatchObject({
      status: "ok",
      detail: `${path}: writable, undamaged, private`,
      fixed: [`made ${path} its owner's alone (600)`],
    });
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it.each([
    [500_000, "error", "the disk is full"],
    [20 * 1024 * 1024, "warning", "only 20 MB are left"],
    [1e12, "ok", "made at the first start"],
  ])("with %d bytes left on the disk: %s", async (free, status, words) => {
    const check = databaseCheck({
      keptLogs: () => [],
      path: join(temporaryFolder(), "data", "approvals.db"),
      dataFolder: "",
      examine: () => {},
      makePrivate: async () => [],
      hasModes: true,
      freeBytes: async () => free,
    });
    expect(await check.run()).toMatchObject({ status, detail: expect.stringContaining(words) });
  });

  it("is an error when the file is no database", async () => {
    const path = join(temporaryFolder(), "approvals.db");
    writeFileSync(path, "this is no database, and long enough not to be taken for an empty one".repeat(20));
    const database = (await findings({ env: { APPROVAL_DB: path } })).get("database");
    expect(database).toMatchObject({ status: "error", detail: expect.stringContaining("cannot be opened") });
  });

  it("is an error when a file is where its folder should be", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "data"), "");
    mkdirSync(join(folder, "other"));
    const database = (await findings({ folder })).get("database");
    expect(database).toMatchObject({ status: "error" });
  });
});

describe("the ports", () => {
  it("are in order when the approval server itself has them", async () => {
    const { serverPort, webhookPort } = await startApps();
    const { simulator } = await startWorld({ phones: [PHONE] });
    const env = {
      SERVER_PORT: serverPort,
      WEBHOOK_PORT: webhookPort,
      SIMULATOR_PORT: new URL(simulator.url).port,
    };
    const ports = (await findings({ env })).get("ports");
    expect(ports).toMatchObject({ status: "ok" });
    expect(ports?.detail.match(/the approval server is running/g)).toHaveLength(3);
  });

  it("tell a server with another token", async () => {
    const { serverPort } = await startApps("a-token-of-the-test");
    const ports = (await findings({ env: { SERVER_PORT: serverPort } })).get("ports");
    expect(ports).toMatchObject({
      status: "error",
      detail: expect.stringContaining("another APPROVAL_TOKEN"),
    });
  });

  it("are an error when another program has one", async () => {
    const other = createServer((_req, res) => res.end("hello"));
    other.listen(0, "127.0.0.1");
    await once(other, "listening");
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    const ports = (await findings({ env: { WEBHOOK_PORT: String(port) } })).get("ports");
    expect(ports).toMatchObject({
      status: "error",
      detail: expect.stringContaining(`WEBHOOK_PORT ${port}: taken by another program`),
      advice: "Stop that program or set WEBHOOK_PORT to another port.",
    });
  });
});

describe("with Twilio", () => {
  it("finds an account with templates and an open window in order, and prints no secret", async () => {
    const { env, simulator } = await startTwilio({
      TWILIO_API_KEY_SID: `SK${"2".repeat(32)}`,
      TWILIO_API_KEY_SECRET: "simulated-s3cret",
    });
    await simulator.type("join happy-fox", { from: PHONE });
    const { code, out } = await doctor({ env, folder: await folderWithTemplates(env) });
    expect(out).toMatch(/^ok {7}Twilio account\s+the auth token is accepted/m);
    expect(out).toMatch(/^ok {7}clock\s+agrees with Twilio's/m);
    expect(out).toMatch(/^ok {7}Twilio API key\s+accepted/m);
    expect(out).toMatch(/^ok {7}WhatsApp sender\s+the WhatsApp Sandbox/m);
    expect(out).toMatch(/^ok {7}templates\s+\d+ are there; WhatsApp's approval: \d+ not submitted/m);
    expect(out).toMatch(/…0006: open for 24 h more; joined the Sandbox \d s ago;\s+join again within 3 days/);
    expect(out).toMatch(/ngrok opens one when the server starts/);
    expect(out).toMatch(/Everything is in order\.\n$/);
    expect(code).toBe(0);
    for (const secret of [TOKEN, "simulated-s3cret", "ngrok-t0ken-of-the-test", PHONE]) {
      expect(out).not.toContain(secret);
    }
  });

  it("explains wrong credentials without repeating them", async () => {
    const { env } = await startTwilio();
    const wrong = "f".repeat(32);
    const { code, out } = await doctor({ env: { ...env, TWILIO_AUTH_TOKEN: wrong } });
    expect(code).toBe(1);
    expect(out).toMatch(/^error {4}Twilio account\s+Twilio did not accept the credentials/m);
    expect(out).toContain("→ Copy TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN again");
    expect(out).not.toContain(wrong);
  });

  it("says which templates have gone or were changed, and that the server makes those of a new account", async () => {
    const { env, client } = await startTwilio();
    const { contents } = client.content.v1;
    expect((await findings({ env })).get("templates")).toMatchObject({
      status: "ok",
      detail: "not in the account yet: the server makes them when it starts",
    });
    const folder = await folderWithTemplates(env);
    const [, session, warned] = await contents.list();
    await contents(session?.sid ?? "").remove();
    await contents(warned?.sid ?? "").update({
      friendly_name: warned?.friendlyName,
      language: "en",
      types: { "twilio/quick-reply": { body: "Hello", actions: [{ title: "Yes", id: "yes" }] } },
    } as never);
    expect((await findings({ env, folder })).get("templates")).toMatchObject({
      status: "warning",
      detail: expect.stringMatching(
        /^1 of \d+ are not in the account: command_session\n1 of \d+ are changed at Twilio.*: command_warning\n/,
      ),
      advice: expect.stringContaining("npm run setup-template"),
    });
  });

  it("says which SIDs of an old .env lead nowhere", async () => {
    const { env } = await startTwilio();
    const folder = await folderWithTemplates(env);
    const old = { ...env, TWILIO_CONTENT_SID_TOOL_1: `HX${"0".repeat(32)}` };
    expect((await findings({ env: old, folder })).get("templates")).toMatchObject({
      status: "warning",
      detail: expect.stringMatching(/they are not used\nTWILIO_CONTENT_SID_TOOL_1$/),
      advice: expect.stringContaining("Take them out of .env"),
    });
  });

  it("warns of a window that nothing is known of", async () => {
    const { env } = await startTwilio();
    expect((await findings({ env })).get("phones")).toMatchObject({
      status: "warning",
      detail: expect.stringContaining("…0006: not known"),
    });
  });

  it.each([
    ["leads elsewhere", "Welcome to nginx!", 200, "error"],
    ["is refused on the way", "Bad gateway", 502, "error"],
    ["redirects", "", 302, "error"],
  ] as const)("tries the public address: %s", async (_, body, status, expected) => {
    const { webhookPort } = await startApps();
    const proxy = createServer((_req, res) => res.writeHead(status, { location: "/" }).end(body));
    proxy.listen(0, "127.0.0.1");
    await once(proxy, "listening");
    onTestFinished(() => void proxy.close());
    const { env } = await startTwilio({
      PUBLIC_URL: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/#rc=5`,
      WEBHOOK_PORT: webhookPort,
    });
    expect((await findings({ env })).get("public address")).toMatchObject({ status: expected });
  });

  it("needs no address and no set-up of templates when replies are read from Twilio", async () => {
    const { NGROK_AUTHTOKEN, ...env } = (await startTwilio()).env;
    expect(NGROK_AUTHTOKEN).toBeDefined();
    const found = await findings({ env });
    expect(found.get("public address")).toMatchObject({
      status: "ok",
      detail: expect.stringContaining("every 2 s while something waits"),
    });
    expect(found.get("templates")).toMatchObject({ status: "ok" });
  });

  it("does not blame the address while the server is not running", async () => {
    const { env } = await startTwilio({ PUBLIC_URL: "http://127.0.0.1:9" });
    expect((await findings({ env })).get("public address")).toMatchObject({
      status: "skipped",
      detail: expect.stringContaining("no server with these settings runs"),
    });
  });
});

describe("the checks", () => {
  const run = async (check: Check) => {
    for await (const finding of runChecks([check], createFakeClock())) return finding;
    throw new Error("there is no finding");
  };
  const setWebhook = async () => {};
  const sender: SenderDeps = {
    sender: "whatsapp:+15005550001",
    isSandbox: false,
    approvers: [PHONE],
    findWebhookUrl: async () => "https://example.com/twilio-webhook",
    senders: async () => [
      {
        address: "whatsapp:+15005550001",
        status: "ONLINE",
        callbackUrl: "https://example.com/twilio-webhook#rc=5",
        setWebhook,
      },
    ],
  };

  it.each<[string, Partial<SenderDeps>, string, string]>([
    ["is online", {}, "ok", "+15005550001 is online"],
    ["is the approver's own phone", { sender: `whatsapp:${PHONE}` }, "error", "the sender's own number"],
    ["is not this account's", { senders: async () => [] }, "error", "no WhatsApp sender"],
    [
      "is offline",
      { senders: async () => [{ address: "whatsapp:+15005550001", status: "OFFLINE", setWebhook }] },
      "error",
      "is OFFLINE",
    ],
    [
      "posts elsewhere",
      { findWebhookUrl: async () => "https://other.example/twilio-webhook" },
      "warning",
      "go elsewhere: https://example.com/twilio-webhook",
    ],
    [
      "cannot be looked up",
      { senders: () => Promise.reject(new DeliveryError("Twilio has a problem.", "Try again.")) },
      "warning",
      "cannot be told",
    ],
  ])("look at a sender that %s", async (_, change, status, words) => {
    const finding = await run(senderCheck({ ...sender, ...change }));
    expect(finding).toMatchObject({ status, detail: expect.stringContaining(words) });
  });

  it.each([
    ["Trial", "active", "warning"],
    ["Full", "suspended", "error"],
    ["Full", "active", "ok"],
  ])("look at a %s account that is %s", async (type, status, expected) => {
    const check = twilioAccountCheck({
      fetchAccount: async () => ({ type, status }),
      isRefusal: () => false,
      hasTokenForm: true,
      isKeySecret: false,
      keyAccepted: async () => undefined,
    });
    expect(await run(check)).toMatchObject({ status: expected });
  });

  const templates = (status: string): TemplatesDeps => ({
    wanted: [
      {
        key: "command",
        variable: "TWILIO_CONTENT_SID",
        name: "approval_1",
        submittedName: "approval_submitted_1",
      },
    ],
    list: async () => [
      { sid: "HX1", friendlyName: "approval_1" },
      { sid: "HX3", friendlyName: "somebody_elses" },
      { sid: "HX2", friendlyName: "approval_submitted_1" },
    ],
    approval: async () => ({ status }),
    create: async () => [],
  });

  it.each([
    ["pending", "ok", "1 pending"],
    ["rejected", "warning", "1 rejected"],
    ["paused", "warning", "1 paused"],
    ["approved", "ok", "1 approved"],
  ])("look at templates that are %s", async (status, expected, words) => {
    const finding = await run(templatesCheck(templates(status)));
    expect(finding).toMatchObject({ status: expected, detail: expect.stringContaining(words) });
  });

  const phone: PhoneWindow = {
    phone: "…0006",
    hasWritten: true,
    looksUsual: true,
    isOpen: true,
    window: "open",
    sandbox: { text: "over", leftMs: -1 },
  };

  it("name every phone and what to do about it", async () => {
    const finding = await run(
      phonesCheck(
        async () => [phone, { ...phone, phone: "…0009" }],
        async () => false,
      ),
    );
    expect(finding).toMatchObject({ status: "error", detail: "…0006: open; over\n…0009: open; over" });
    expect(finding.advice).toMatch(/^Send join <two words>[^\n]*$/);
  });

  it.each<[string, Partial<PhoneWindow>, boolean, string, RegExp]>([
    ["has a closed window", { isOpen: false }, false, "warning", /open/],
    ["has a closed window, and approved templates", { isOpen: false }, true, "ok", /open/],
    [
      "has no WhatsApp",
      { lastFailure: { code: 63003, message: "This number has no WhatsApp.", advice: "Check." } },
      false,
      "error",
      /not delivered: This number has no WhatsApp\. \(63003\)/,
    ],
    [
      "never wrote, with odd digits",
      { hasWritten: false, looksUsual: false },
      false,
      "warning",
      /no number in use/,
    ],
    ["wrote, though no plan has its number", { numberProblem: "it has too few digits" }, false, "ok", /open/],
  ])("look at a phone that %s", async (_, change, passes, status, words) => {
    const finding = await run(
      phonesCheck(
        async () => [{ ...phone, sandbox: undefined, ...change }],
        async () => passes,
      ),
    );
    expect(finding).toMatchObject({ status, detail: expect.stringMatching(words) });
  });

  it("end by themselves, whatever one of them does", async () => {
    const clock = createFakeClock();
    const stuck: Check = { description: "stuck", run: () => new Promise(() => {}) };
    const broken: Check = {
      description: "broken",
      run: () => {
        throw new Error("oops");
      },
    };
    const found: Finding[] = [];
    const all = (async () => {
      for await (const finding of runChecks([stuck, broken], clock)) found.push(finding);
    })();
    await clock.advance(30_000);
    await all;
    expect(found).toMatchObject([
      { description: "stuck", status: "error", detail: "no result within 30 s" },
      { description: "broken", status: "error", detail: "the check itself failed: oops" },
    ]);
    expect(clock.pending()).toBe(0);
  });
});
