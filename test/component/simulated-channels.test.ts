// SIMULATE: a phone on this machine plays Telegram or the Agent Platform, from the request to the answer on its page.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import { parseConfig } from "../../src/config/config.ts";
import { openBindings } from "../../src/core/bindings.ts";
import { createPeople } from "../../src/core/people.ts";
import type { Phone } from "../../src/domain/tool-call.ts";
import { startServer } from "../../src/server/create-server.ts";
import type { ApprovalServer } from "../../src/server/server-contract.ts";
import { systemClock } from "../../src/server/system.ts";
import type { PhoneMessage } from "../../src/simulator/phone/phone-app.ts";
import { createSqliteStore } from "../../src/store/sqlite.ts";
import "../helpers/late-parts.ts";
import { BASH_CALL, callTool } from "../helpers/server-stage.ts";
import { createKeptLog } from "../helpers/silent-log.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

interface Stage {
  readonly server: ApprovalServer;
  readonly databasePath: string;
  readonly log: ReturnType<typeof createKeptLog>;
  readonly messages: (app: string) => Promise<readonly PhoneMessage[]>;
  /** The newest message of the app that `match` takes. */
  readonly untilShown: (app: string, match: (message: PhoneMessage) => boolean) => Promise<PhoneMessage>;
  readonly post: (
    path: string,
    body: { readonly app: string; readonly [name: string]: unknown },
  ) => Promise<{ readonly status: number; readonly body: unknown }>;
}

async function start(
  simulate: string,
  env: Readonly<Record<string, string>> = {},
  databasePath = join(temporaryFolder(), "approvals.db"),
): Promise<Stage> {
  const config = parseConfig({
    ...{ SERVER_PORT: "0", WEBHOOK_PORT: "0", SIMULATOR_PORT: "0", HOOK_GRACE_SECONDS: "0" },
    ...{ APPROVAL_DB: databasePath, SIMULATE: simulate, ...env },
  });
  const log = createKeptLog();
  const server = await startServer(config, { log, version: "0.0.0-test" });
  onTestFinished(() => server.close());
  const url = server.simulator?.url ?? "";
  const messages = async (app: string) => {
    const response = await fetch(`${url}/phone/state?app=${app}`);
    const state = (await response.json()) as { readonly messages: readonly PhoneMessage[] };
    return state.messages;
  };
  return {
    server,
    databasePath,
    log,
    messages,
    async untilShown(app, match) {
      await expect.poll(async () => (await messages(app)).some(match)).toBe(true);
      const found = (await messages(app)).findLast(match);
      if (found === undefined) throw new Error("the message is gone again");
      return found;
    },
    async post(path, { app, ...body }) {
      const headers = { "content-type": "application/json" };
      const response = await fetch(`${url}/phone/${path}?app=${app}`, {
        method: "POST",
        headers,
        body: JSON.stringify(body),
      });
      const text = await response.text();
      return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
    },
  };
}

const says =
  (words: string) =>
  ({ direction, body }: PhoneMessage) =>
    direction === "to-phone" && body.includes(words);
const idIn = ({ body }: PhoneMessage) => /Request ID:\*? ?([a-z]{5})/.exec(body)?.[1] ?? "none";

function rows(databasePath: string, sql: string): unknown[] {
  const db = new Database(databasePath, { readonly: true });
  try {
    return db.prepare(sql).all();
  } finally {
    db.close();
  }
}

describe("a simulated Telegram", () => {
  it("asks without a code, takes the tap, and shows the outcome in place of the buttons", async () => {
    const { server, post, untilShown, messages } = await start("telegram");
    const answer = callTool(server);
    const request = await untilShown("telegram", ({ buttons }) => buttons.length > 0);
    const id = idIn(request);
    expect(request).toMatchObject({ rows: expect.any(Array), entities: expect.any(Array), isEdited: false });
    const tap = { app: "telegram", message: request.sid, button: `approve:${id}` };
    expect(await post("tap", tap)).toMatchObject({ status: 200, body: { status: 200 } });
    expect(await answer).toMatchObject({ behavior: "allow" });
    const ended = await untilShown(
      "telegram",
      ({ sid, buttons }) => sid === request.sid && buttons.length === 0,
    );
    expect(ended).toMatchObject({ isEdited: true, body: expect.stringContaining("✅ Approved") });
    await untilShown("telegram", says(`${id} approved`));
    expect(await post("tap", tap)).toMatchObject({ status: 404 });
    expect((await messages("telegram")).filter(says("pair"))).toEqual([]);
  });

  it("takes typed and quoted words, and shows that they were seen", async () => {
    const { server, post, untilShown } = await start("telegram", { CONFIRM: "problems" });
    const answer = callTool(server);
    const request = await untilShown("telegram", ({ buttons }) => buttons.length > 0);
    const reply = { app: "telegram", text: "not on a Friday", quote: request.sid };
    expect(await post("type", reply)).toMatchObject({ status: 200, body: { status: 202 } });
    expect(await answer).toMatchObject({
      behavior: "deny",
      message: expect.stringContaining("not on a Friday"),
    });
    const own = await untilShown(
      "telegram",
      ({ body, reaction }) => body === "not on a Friday" && reaction === "👀",
    );
    expect(own).toMatchObject({ direction: "from-phone", quotes: request.sid });
  });
});

describe("a simulated Agent Platform", () => {
  it("has no buttons, takes a quoted word, and tells what was delivered and read", async () => {
    const { server, post, untilShown, messages } = await start("whatsapp-agent", { CONFIRM: "problems" });
    const app = "whatsapp-agent";
    const answer = callTool(server);
    const request = await untilShown(app, ({ body }) => body.includes("Request ID"));
    expect(request).toMatchObject({ buttons: [], status: "delivered" });
    expect(await post("tap", { app, message: request.sid, button: "approve" })).toMatchObject({
      status: 404,
    });
    await post("type", { app, text: "yes", quote: request.sid });
    expect(await answer).toMatchObject({ behavior: "allow" });
    await untilShown(app, ({ body, isRead }) => body === "yes" && isRead === true);
    expect((await messages(app)).find(({ sid }) => sid === request.sid)?.status).toBe("delivered");
    await post("read", { app, message: request.sid });
    await untilShown(app, ({ sid, status }) => sid === request.sid && status === "read");
  });

  it("approves by a sign only where REACTIONS is on", async () => {
    const { server, post, untilShown } = await start("whatsapp-agent", { REACTIONS: "on" });
    const app = "whatsapp-agent";
    const answer = callTool(server);
    const request = await untilShown(app, ({ body }) => body.includes("Request ID"));
    expect(await post("react", { app, message: request.sid, emoji: "👍" })).toMatchObject({ status: 204 });
    expect(await answer).toMatchObject({ behavior: "allow" });
    expect(await post("react", { app, message: request.sid, emoji: "<b>" })).toMatchObject({ status: 400 });
  });

  it("has a call that is too long for a message as a document", async () => {
    const { server, post, untilShown } = await start("whatsapp-agent");
    const app = "whatsapp-agent";
    const command = `printf '%s\\n' ${Array.from({ length: 900 }, (_, index) => `word${index}`).join(" ")}`;
    const answer = callTool(server, { ...BASH_CALL, input: { command } });
    const file = await untilShown(app, ({ document }) => document !== undefined);
    expect(file.document?.text).toContain("word899");
    await post("type", { app, text: "no", quote: file.sid });
    expect(await answer).toMatchObject({ behavior: "deny" });
  });
});

describe("several at once", () => {
  it("are asked in the order of the list, and the first answer ends the others", async () => {
    const { server, post, untilShown } = await start("telegram,twilio", { ESCALATE_AFTER_SECONDS: "0" });
    const answer = callTool(server);
    const [request, other] = [
      await untilShown("telegram", ({ buttons }) => buttons.length > 0),
      await untilShown("whatsapp", ({ buttons }) => buttons.length > 0),
    ];
    expect(idIn(other)).toBe(idIn(request));
    await post("tap", { app: "whatsapp", message: other.sid, button: `deny:${idIn(other)}` });
    expect(await answer).toMatchObject({ behavior: "deny" });
    await untilShown("telegram", ({ sid, buttons }) => sid === request.sid && buttons.length === 0);
  });
});

describe("what a simulated phone leaves", () => {
  const REAL = `telegram:${70_000_001}` as Phone;
  const TOKEN = `7000000001:${"AAtest".repeat(6)}`;

  it("binds nobody, and takes nobody's binding away", async () => {
    const databasePath = join(temporaryFolder(), "approvals.db");
    const store = createSqliteStore(databasePath);
    const people = createPeople({ people: [], channels: ["telegram"] });
    const secretOf = () => TOKEN;
    const log = createKeptLog();
    const bindings = await openBindings({ people, store, secretOf, clock: systemClock, log });
    await bindings.bind(REAL, "ada");
    await store.keepChannelPosition("telegram", `700 ${systemClock.now()}`);
    await store.close();
    const before = rows(databasePath, "SELECT * FROM bindings");
    const position = rows(databasePath, "SELECT * FROM settings WHERE name LIKE 'position:%'");

    const stage = await start("telegram", {}, databasePath);
    const answer = callTool(stage.server);
    const request = await stage.untilShown("telegram", ({ buttons }) => buttons.length > 0);
    const button = `approve:${idIn(request)}`;
    await stage.post("tap", { app: "telegram", message: request.sid, button });
    expect(await answer).toMatchObject({ behavior: "allow" });
    await stage.server.close();

    expect(rows(databasePath, "SELECT * FROM bindings")).toEqual(before);
    expect(rows(databasePath, "SELECT * FROM settings WHERE name LIKE 'position:%'")).toEqual(position);
    expect(stage.log.text()).not.toContain("binding");
  });

  it("gives no code, and none can be asked for", async () => {
    const { server } = await start("telegram");
    const said: string[] = [];
    server.firstPairing.begin((text) => said.push(text));
    expect(said).toEqual([]);
    const body = JSON.stringify({
      channel: "telegram",
      code: { salt: "a".repeat(32), hash: "0".repeat(64) },
    });
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${server.localUrl}/control/pair`, { method: "POST", headers, body });
    expect({ status: response.status, body: await response.json() }).toMatchObject({
      status: 409,
      body: { error: "not_used" },
    });
  });

  it("answers again after a restart on the same database", async () => {
    const databasePath = join(temporaryFolder(), "approvals.db");
    for (const simulate of ["telegram,whatsapp-agent", "telegram,whatsapp-agent"]) {
      const stage = await start(simulate, {}, databasePath);
      for (const app of ["telegram", "whatsapp-agent"]) {
        await stage.post("type", { app, text: "STATUS" });
        await stage.untilShown(app, ({ direction }) => direction === "to-phone");
      }
      await stage.server.close();
    }
  });
});

it("with a file of approvers each simulated chat is whose the file says, and two of them are two people", async () => {
  const folder = temporaryFolder();
  const [approvers, policy] = [join(folder, "approvers.json"), join(folder, "policy.json")];
  const people = [
    { name: "Ada", addresses: ["telegram"] },
    { name: "Bob", addresses: ["whatsapp-agent"] },
  ];
  writeFileSync(approvers, JSON.stringify({ version: 1, people }), { mode: 0o600 });
  writeFileSync(policy, JSON.stringify({ version: 1, quorum: 2 }), { mode: 0o600 });
  const env = { APPROVERS: approvers, APPROVAL_POLICY: policy };
  const { server, post, untilShown, log } = await start("telegram,whatsapp-agent", env);
  expect(log.text()).not.toContain("fewer could approve");
  const risky = { ...BASH_CALL, input: { command: "rm -rf ./build" } };
  const answer = callTool(server, risky);
  const request = await untilShown("telegram", says("2 people must approve this"));
  const id = idIn(request);
  await untilShown("whatsapp-agent", says("2 people must approve this"));
  await post("tap", { app: "telegram", message: request.sid, button: `approve:${id}` });
  await untilShown("whatsapp-agent", says("Ada has approved it. 1 of 2 has approved"));
  await post("type", { app: "whatsapp-agent", text: `approve ${id}` });
  expect(await answer).toMatchObject({ behavior: "allow" });
  await untilShown("telegram", says(`${id} approved by Ada and Bob`));
});
