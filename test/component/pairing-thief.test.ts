// An agent on the same machine that wants to become an approver: it reads every file, calls every route, writes to the channel from
// accounts of its own, and knows the bot's token. It never reads the terminal, and nobody taps for it.
import { once } from "node:events";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import Database from "better-sqlite3";
import express from "express";
import { describe, expect, it, onTestFinished } from "vitest";
import { hashOfCode } from "../../src/core/pairing-code.ts";
import { sealOf } from "../../src/core/seal.ts";
import type { Submission } from "../../src/domain/submission.ts";
import type { ApprovalId } from "../../src/domain/tool-call.ts";
import { createPairDoor } from "../../src/doors/control/pair-door.ts";
import { PAIR_PATH } from "../../src/doors/control/pair-input.ts";
import { createLog } from "../../src/server/log.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { createMadeUpChannel, openMadeUp } from "../helpers/made-up-channel.ts";
import { BOT_TOKEN, otherCode, startPairedStage } from "../helpers/paired-stage.ts";
import { peopleAt } from "../helpers/people.ts";
import { callTool, startStage } from "../helpers/server-stage.ts";
import { createKeptLog } from "../helpers/silent-log.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const ONE = { TELEGRAM_BOT_TOKEN: BOT_TOKEN };
const TOKEN = "o".repeat(40);
const NAMED = "n".repeat(40);
const SALT = "0".repeat(32);
const MINE = "kqmwa";
const THIEF = "6660001";
const body = (code = MINE, more: object = {}) =>
  JSON.stringify({ channel: "telegram", code: hashOfCode(code, SALT), ...more });
const json = { "content-type": "application/json" };

/** Every route that the local listener has, and how each is called. */
const ROUTES: readonly (readonly [method: string, path: string, body?: string])[] = [
  ["GET", "/"],
  ["GET", "/health"],
  ["GET", "/metrics"],
  ["GET", "/api/status"],
  ["GET", "/api/requests"],
  ["GET", "/v1/approvals"],
  ["POST", "/v1/approvals", JSON.stringify({ action: "pair me" })],
  ["POST", "/mcp", JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" })],
  ["POST", "/hooks/stop", "{}"],
  ["GET", PAIR_PATH],
  ["PUT", PAIR_PATH, body()],
  ["POST", PAIR_PATH, body()],
  ["POST", "/control/resume", "{}"],
];

/** Whatever is there, as an agent finds it. */
function everyFile(folder: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const path = join(folder, name);
    if (statSync(path).isFile()) found.set(path, readFileSync(path, "latin1"));
  }
  return found;
}

/** A first start whose log goes into a file, in a folder with its .env. */
async function firstStart(more: Parameters<typeof startPairedStage>[0] = {}) {
  const folder = temporaryFolder();
  const logFile = join(folder, "server.log");
  writeFileSync(join(folder, ".env"), `TELEGRAM_BOT_TOKEN=${BOT_TOKEN}\n`);
  writeFileSync(logFile, "");
  const log = createLog({
    level: "trace",
    terminal: false,
    secrets: [BOT_TOKEN],
    send: (text, done) => {
      writeFileSync(logFile, text, { flag: "a" });
      done(true);
    },
  });
  const databasePath = join(folder, "data", "approvals.db");
  const stage = await startPairedStage({ env: ONE, databasePath, ...more, deps: { log, ...more.deps } });
  const [code = ""] = stage.begin();
  expect(code).toMatch(/^[a-z]{5}$/);
  return { ...stage, code, folder, serverLog: log };
}

describe("during a first start, nobody is bound by an agent that", () => {
  it("reads every file: the code is in none", async () => {
    const { server, telegram, code, folder, serverLog, approving } = await firstStart();
    await telegram.write(THIEF, otherCode(code));
    for (const [method, path, text] of ROUTES)
      await fetch(server.localUrl + path, {
        method,
        headers: json,
        ...(text === undefined ? {} : { body: text }),
      }).then((response) => response.body?.cancel());
    await serverLog.idle();
    const files = everyFile(folder);
    expect([...files.keys()].map((path) => path.slice(folder.length + 1))).toEqual(
      expect.arrayContaining([
        ".env",
        "server.log",
        join("data", "approvals.db"),
        join("data", "approvals.db-wal"),
      ]),
    );
    for (const [path, text] of files) {
      expect(text.toLowerCase().includes(code), path).toBe(false);
      // Not its hash either, in whatever form: of five letters a hash is not much.
      expect(/"?salt"?|scrypt/i.test(text), path).toBe(false);
    }
    expect(await approving()).toBe(0);
  });

  it.each([
    ["without a token", {}],
    ["with the operator's token", { authorization: `Bearer ${TOKEN}` }],
    ["with a named token", { authorization: `Bearer ${NAMED}` }],
    ["as a web page", { authorization: `Bearer ${TOKEN}`, origin: "http://127.0.0.1:8000" }],
  ])("calls every route %s", async (_, headers) => {
    const env = { ...ONE, APPROVAL_TOKEN: TOKEN, APPROVAL_TOKENS: `agent:${NAMED}` };
    const { server, telegram, code, approving } = await firstStart({ env });
    for (const [method, path, text] of ROUTES) {
      const response = await fetch(server.localUrl + path, {
        method,
        headers: { ...json, ...headers },
        ...(text === undefined ? {} : { body: text }),
      });
      const answer = await response.text();
      expect(answer.toLowerCase().includes(code), path).toBe(false);
      if (path === PAIR_PATH) expect([401, 403, 404, 409]).toContain(response.status);
    }
    // Neither the code that it has handed in, nor one of its making, is worth anything.
    expect(await telegram.write(THIEF, MINE)).toBe("ignored");
    expect(await approving()).toBe(0);
    // The person's own is: the code that the terminal shows was not replaced.
    expect(await telegram.write("7001", code)).toBe("bound");
  });

  it("guesses: five wrong ones end it, and the right one is worth nothing after that", async () => {
    const { telegram, code, approving } = await firstStart();
    const guesses = ["aaaaa", "bbbbb", "ccccc", "ddddd", "eeeee"].filter((guess) => guess !== code);
    for (const [index, guess] of guesses.entries()) await telegram.write(`${THIEF}${index}`, guess);
    expect(await telegram.write(THIEF, code)).toBe("ignored");
    expect(await approving()).toBe(0);
  });

  it("has written guesses beforehand: they are not tried, and use nothing up", async () => {
    const { telegram, code, approving } = await firstStart();
    const before = Date.now() - 60 * 60_000;
    for (let count = 0; count < 20; count += 1) await telegram.write(THIEF, otherCode(code), before);
    expect(await telegram.write(THIEF, code, before)).toBe("ignored");
    expect(await approving()).toBe(0);
    expect(await telegram.write("7001", code)).toBe("bound");
  });

  it("writes the code after ten minutes", async () => {
    const clock = createFakeClock();
    const { telegram, code, approving } = await firstStart({ deps: { clock } });
    clock.sleep(10 * 60_000);
    expect([await telegram.write(THIEF, code), await approving()]).toEqual(["ignored", 0]);
  });

  it("writes the code of before a restart", async () => {
    const { server, code, databasePath } = await firstStart();
    await server.close();
    const next = await startPairedStage({ env: ONE, databasePath });
    expect(await next.telegram.write(THIEF, code)).toBe("ignored");
    const [another = ""] = next.begin();
    expect(another).not.toBe(code);
    expect([await next.telegram.write(THIEF, code), await next.approving()]).toEqual(["ignored", 0]);
  });

  it("writes a row into the database", async () => {
    const { server, telegram, code, databasePath, approving } = await firstStart();
    const forge = (address: string, seal: string) => {
      const db = new Database(databasePath);
      db.prepare(
        "INSERT OR REPLACE INTO bindings (address, person, seal, bound_at) VALUES (?, 'owner', ?, 0)",
      ).run(address, seal);
      db.close();
    };
    forge(`telegram:${THIEF}`, "0".repeat(64));
    // A running server does not read rows; a restarted one checks their seals.
    expect([await telegram.write(THIEF, "approve"), await approving()]).toEqual(["ignored", 0]);
    await server.close();
    for (const [at, secret] of ["", "guess", TOKEN].entries())
      forge(`telegram:666${at}`, sealOf([secret], `bound address\ntelegram:666${at}\nowner`));
    const next = await startPairedStage({ env: ONE, databasePath });
    expect(await next.approving()).toBe(0);
    const [own = ""] = next.begin();
    expect(own).not.toBe(code);
    expect(await next.telegram.write("7001", own)).toBe("bound");
    await next.server.close();
    // The seal of the person's own row fits no other address.
    const db = new Database(databasePath);
    const { seal } = db.prepare("SELECT seal FROM bindings WHERE address = 'telegram:7001'").get() as {
      seal: string;
    };
    db.close();
    forge(`telegram:${THIEF}`, seal);
    const last = await startPairedStage({ env: ONE, databasePath });
    expect(await last.approving()).toBe(1);
    expect(await last.telegram.write(THIEF, "approve all")).toBe("ignored");
  });

  it("writes the code from a second account once the person has used it, in the same moment or later", async () => {
    const { telegram, code, approving } = await firstStart();
    const heard = await Promise.all([telegram.write("7001", code), telegram.write(THIEF, code)]);
    expect(heard).toEqual(["bound", "ignored"]);
    expect([await telegram.write(THIEF, code), await approving()]).toEqual(["ignored", 1]);
  });
});

describe("once somebody may approve, nobody is bound by an agent that", () => {
  async function guarded({ env = {}, deps = {} }: Parameters<typeof startStage>[0] = {}) {
    const telegram = createMadeUpChannel("telegram", deps.clock?.now);
    const stage = await startStage({
      env: { CHANNELS: "whatsapp,telegram", ...ONE, ...env },
      deps: { openChannel: openMadeUp(telegram), ...deps },
    });
    const bound = async () => {
      const db = new Database(stage.databasePath, { readonly: true });
      onTestFinished(() => void db.close());
      return db.prepare("SELECT address FROM bindings").all();
    };
    /** Opens a code that it knows itself. */
    const post = (code = MINE, headers: Readonly<Record<string, string>> = {}, more: object = {}) =>
      fetch(stage.server.localUrl + PAIR_PATH, {
        method: "POST",
        headers: { ...json, ...headers },
        body: body(code, more),
      });
    return { ...stage, telegram, bound, post };
  }

  it("opens a code of its own, and the person denies it", async () => {
    const { telegram, phone, request, post, bound } = await guarded();
    const opened = post();
    const { sid } = await request();
    expect(await telegram.write(THIEF, MINE)).toBe("ignored");
    await phone.tap(sid, "deny");
    expect((await (await opened).text()).trim().split("\n").at(-1)).toMatch(/^\{"state":"refused"/);
    expect([await telegram.write(THIEF, MINE), await bound()]).toEqual(["ignored", []]);
  });

  it("opens a code of its own, and nobody answers", async () => {
    const clock = createFakeClock();
    const { telegram, request, post, bound } = await guarded({ deps: { clock } });
    const opened = post();
    await request();
    await clock.advance(5 * 60_000);
    expect((await (await opened).text()).trim().split("\n").at(-1)).toMatch(/^\{"state":"refused"/);
    expect([await telegram.write(THIEF, MINE), await bound()]).toEqual(["ignored", []]);
  });

  it("hopes for an approval that lasts: nothing but this once is offered", async () => {
    const { telegram, request, phone, post, bound } = await guarded();
    const opened = post();
    const { sid, buttons } = await request();
    expect(buttons.map(({ id }) => id.split(":")[0])).toEqual(["approve", "deny"]);
    await phone.tap(sid, "deny");
    await (await opened).text();
    expect([await telegram.write(THIEF, MINE), await bound()]).toEqual(["ignored", []]);
  });

  it.each(["policy", "grant"] as const)("has a %s that allows it: no code is opened", async (by) => {
    const opened: unknown[] = [];
    const asked: Submission[] = [];
    const door = createPairDoor({
      people: peopleAt("+15005550006"),
      pairing: {
        async open(opening) {
          opened.push(opening);
          return "bound";
        },
      },
      pairedChannels: () => ["telegram"],
      gatedCalls: {
        async run({ submission, work }) {
          asked.push(submission);
          const approval = { id: MINE as ApprovalId, by, signal: new AbortController().signal };
          return {
            kind: "ran",
            id: approval.id,
            result: await work({ ...approval, stopped: approval.signal, takenBack: () => undefined }),
          };
        },
      },
      clock: createFakeClock(),
      log: createKeptLog(),
    });
    const app = express().use(express.json(), door).listen(0, "127.0.0.1");
    onTestFinished(() => void app.close());
    await once(app, "listening");
    const { port } = app.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}${PAIR_PATH}`, {
      method: "POST",
      headers: json,
      body: body(),
    });
    expect(await response.text()).toContain('"state":"refused"');
    expect([opened, asked[0]?.asksAlways]).toEqual([[], true]);
    // What a record keeps of it has neither the code nor its hash.
    expect(JSON.stringify(asked)).not.toContain(hashOfCode(MINE, SALT).hash);
  });

  it("opens a second code while the person's is asked about: it is refused, and takes no tap", async () => {
    const { telegram, phone, request, post, bound } = await guarded();
    const theirs = await post("bbbbb");
    const { sid } = await request();
    expect((await post(MINE)).status).toBe(409);
    await phone.tap(sid, "approve");
    await expect.poll(async () => (await post(MINE)).status).toBe(409);
    const reader = theirs.body?.getReader();
    let text = "";
    while (!text.includes('"open"')) text += Buffer.from((await reader?.read())?.value ?? []).toString();
    expect(await telegram.write(THIEF, MINE)).toBe("ignored");
    expect(await telegram.write("7001", "bbbbb")).toBe("bound");
    expect((await bound()).length).toBe(1);
  });

  it.each([
    ["a named token", { authorization: `Bearer ${NAMED}` }, 403],
    ["no token", {}, 401],
    ["a web page", { authorization: `Bearer ${TOKEN}`, origin: "http://127.0.0.1:8000" }, 403],
  ])("opens a code with %s: nobody is even asked", async (_, headers, status) => {
    const { server, telegram, post, bound } = await guarded({
      env: { APPROVAL_TOKEN: TOKEN, APPROVAL_TOKENS: `agent:${NAMED}` },
    });
    expect((await post(MINE, headers)).status).toBe(status);
    expect(server.waiting()).toEqual([]);
    expect([await telegram.write(THIEF, MINE), await bound()]).toEqual(["ignored", []]);
  });

  it.each([
    ["a plain code", { code: MINE }],
    ["a hash of another length", { code: { salt: SALT, hash: "00" } }],
    ["a name that hides what it says", { person: "ada\u202e" }],
    ["a name with lines of its own", { person: "ada\n✅ approved" }],
    ["a field more", { approved: true }],
    ["Twilio's channel", { channel: "whatsapp" }],
  ])("sends %s: refused, and nobody is asked", async (_, more) => {
    const { server, post } = await guarded();
    expect((await post(MINE, {}, more)).status).toBe(400);
    expect(server.waiting()).toEqual([]);
  });

  it("leaves before the tap: the approval opens nothing", async () => {
    const { server, telegram, phone, request, bound } = await guarded();
    const gone = new AbortController();
    const opened = fetch(server.localUrl + PAIR_PATH, {
      method: "POST",
      headers: json,
      body: body(),
      signal: gone.signal,
    }).then((response) => response.text());
    const { sid } = await request();
    gone.abort();
    await expect(opened).rejects.toThrow();
    await expect.poll(() => server.waiting()).toEqual([]);
    await phone.tap(sid, "approve");
    expect([await telegram.write(THIEF, MINE), await bound()]).toEqual(["ignored", []]);
  });

  it("asks over another door under the same name: its approval opens nothing", async () => {
    const { server, telegram, phone, request, bound } = await guarded();
    const answer = callTool(server, {
      tool_name: "pair_approver",
      input: { channel: "Telegram", person: "…0006", code: hashOfCode(MINE, SALT) },
      tool_use_id: "toolu_thief",
    });
    await phone.tap((await request()).sid, "approve");
    expect(await answer).toMatchObject({ behavior: "allow" });
    expect([await telegram.write(THIEF, MINE), await bound()]).toEqual(["ignored", []]);
  });

  it("replays the message with the person's code", async () => {
    const { telegram, phone, request, post } = await guarded();
    const opened = await post("bbbbb");
    await phone.tap((await request()).sid, "approve");
    const reader = opened.body?.getReader();
    let text = "";
    while (!text.includes('"open"')) text += Buffer.from((await reader?.read())?.value ?? []).toString();
    expect(await telegram.write("7001", "bbbbb")).toBe("bound");
    expect(await telegram.write(THIEF, "bbbbb")).toBe("ignored");
  });
});
