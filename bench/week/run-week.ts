// A week of a gate that is in use, in minutes: thousands of requests a day on a fake clock, with a person who answers, refuses, forgets
// and sleeps, a restart or a crash each night, clocks that jump, and the change to winter time. What must never happen is looked
// for at each step.
import { getEventListeners } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import Database from "better-sqlite3";
import { dayIn } from "../../src/core/civil-hours.ts";
import type { Answer } from "../../src/core/pending-request.ts";
import type { Log } from "../../src/core/ports/log.ts";
import type { ApprovalId } from "../../src/domain/tool-call.ts";
import { createFakeClock } from "../../test/helpers/fake-clock.ts";
import { machine } from "../parts/machine.ts";
import { newFolder } from "../parts/sides.ts";
import type { Check, EnduranceResult } from "../results.ts";
import { chance } from "./chance.ts";
import { FOLDER, type Life, PARKING, PHONE, startLife, TIMEOUT_MS, type World, ZONE } from "./life.ts";

export interface WeekOptions {
  readonly days: number;
  readonly requestsADay: number;
  readonly seed: number;
  say(text: string): void;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** A Tuesday; the clocks change on its Sunday. */
const START = Date.parse("2026-10-20T00:00:00Z");
/** The person is away from its Saturday, 6:00, to its Sunday, 10:00: no reply, so the chat is about to close. */
const AWAY = { from: Date.parse("2026-10-24T04:00:00Z"), to: Date.parse("2026-10-25T09:00:00Z") };
/** How long after its deadline a request may end, by the clock that is never set, ms. */
const SLACK_MS = 1_000;
/** Minutes of the day. */
const PAUSE_AT = 600;
const PANIC_AT = 900;
const PANIC_MINUTES = 10;
/** What a step may leave unsettled: promises, and rows that are committed together. */
const TURNS = 30;

interface Asked {
  readonly kind: string;
  readonly command: string;
  readonly openedAt: number;
  /** Lives are numbered: one that has crashed answers nobody. */
  readonly life: number;
  /** How long it may wait, ms. */
  readonly limitMs: number;
  id?: ApprovalId;
  /** Whether the person has said yes to it. */
  isAllowed: boolean;
}

export async function runWeek({ days, requestsADay, seed, say }: WeekOptions): Promise<EnduranceResult> {
  const before = machine();
  const dir = newFolder();
  const clock = createFakeClock(START);
  const random = chance(seed);
  const errors: string[] = [];
  const violations: string[] = [];
  const open = new Set<Asked>();
  const granted = new Set<string>();
  const byId = new Map<ApprovalId, Asked>();
  const outcomes = new Map<string, number>();
  const sessions = new Map<
    string,
    { readonly command: string; readonly toolUseId: string; resumed: number }
  >();
  const reminders: string[] = [];
  let life: Life;
  let lives = 0;
  let asked = 0;
  let inbound = 0;
  let looks = 0;
  let worstMs = 0;

  const wrong = (text: string) =>
    void (violations.length < 50 && violations.push(`${new Date(clock.now()).toISOString()} ${text}`));
  const ignore = () => {};
  const log: Log = {
    debug: ignore,
    info: ignore,
    warn: ignore,
    refused: ignore,
    error: (fields, message) => void errors.push(`${message} ${JSON.stringify(fields)}`),
  };
  const isAway = () => clock.now() >= AWAY.from && clock.now() < AWAY.to;
  const reply = (text: string, more: object = {}) =>
    life.replies.receive({ id: `in${inbound++}`, from: PHONE, text, ...more });
  const tap = (verb: string, id: ApprovalId) => reply(verb, { buttonId: `${verb}:${id}` });

  const world: World = {
    clock,
    databasePath: join(dir, "approvals.db"),
    log,
    random,
    shown(id, messageId) {
      const entry = byId.get(id);
      if (entry !== undefined) entry.id = id;
      void life?.gate.receipt({ messageId, state: "delivered", at: clock.now() });
      answerLater(id);
    },
    told(notice) {
      if (notice.kind === "chat-closing") reminders.push(dayIn(ZONE, clock.now()));
    },
    looked() {
      looks += 1;
    },
    async resumed(sessionId, toolUseId) {
      const session = sessions.get(sessionId);
      if (session === undefined || session.toolUseId !== toolUseId)
        return wrong(`resumed what was never parked: ${sessionId}`);
      session.resumed += 1;
      if (session.resumed > 1) wrong(`resumed twice: ${sessionId}`);
      const answer = await life.parked.ahead(aheadOf(sessionId, session));
      if (answer.kind !== "allow") wrong(`a resumed call was not allowed: ${answer.kind}`);
    },
  };

  /** What the person makes of a request: most are answered within minutes, some never. */
  function answerLater(id: ApprovalId): void {
    const roll = random(100);
    const delay = random(100) < 80 ? random(2 * MINUTE_MS) : random(8 * MINUTE_MS);
    if (roll >= 88 || isAway()) return;
    clock.after(delay, () => {
      const entry = byId.get(id);
      if (isAway()) return;
      if (roll < 55) {
        if (entry !== undefined) entry.isAllowed = true;
        void tap("approve", id);
        // Twice, as people do.
        if (roll < 5) void tap("approve", id);
      } else if (roll < 65) {
        if (entry !== undefined) {
          entry.isAllowed = true;
          granted.add(entry.command);
        }
        void tap("session", id);
      } else if (roll < 80) void reply(`DENY ${id} not now`);
      else if (roll < 84) void reply("what is this", { from: "+15005550009" });
      else void reply(["PENDING", "STATUS", "HELP", "GRANTS", "REVOKE all", "thank you"][random(6)] ?? "");
    });
  }

  function aheadOf(
    sessionId: string,
    { command, toolUseId }: { readonly command: string; readonly toolUseId: string },
  ) {
    const call = { toolName: "Bash", input: { command }, toolUseId };
    const submission = { call, door: "hook" as const, sessionId, cwd: FOLDER.path, startedIn: FOLDER.path };
    return {
      submission,
      claudePid: undefined,
      signal: new AbortController().signal,
      written: Promise.resolve(true),
    };
  }

  function ended(entry: Asked, { outcome, request, acknowledge }: Answer): void {
    open.delete(entry);
    byId.delete(request.id);
    acknowledge(true);
    outcomes.set(outcome.status, (outcomes.get(outcome.status) ?? 0) + 1);
    const took = clock.elapsed() - entry.openedAt;
    worstMs = Math.max(worstMs, took - entry.limitMs);
    if (took > entry.limitMs + SLACK_MS)
      wrong(`${entry.kind} ended ${took - entry.limitMs} ms after its deadline`);
    if (outcome.status !== "approved") return;
    const isRight = outcome.by === "grant" ? granted.has(entry.command) : entry.isAllowed;
    if (!isRight) wrong(`${entry.kind} was approved by ${outcome.by}, and nobody has said so`);
  }

  async function ask(kind: string): Promise<void> {
    asked += 1;
    const mine = life;
    const command =
      kind === "again" ? ([...granted].at(-1 - random(5)) ?? "ls") : `ls -la /srv/shop/item-${asked}`;
    const entry: Asked = {
      kind,
      command,
      openedAt: clock.elapsed(),
      life: lives,
      limitMs: TIMEOUT_MS,
      isAllowed: false,
    };
    open.add(entry);
    const caller = new AbortController();
    const call = { toolName: "Bash", input: { command }, toolUseId: `toolu_${asked}` };
    const door = kind === "hook" ? "hook" : kind === "rest" ? "rest" : "mcp";
    const answer = await mine.gate
      .request(
        { call, door, project: "shop" },
        { signal: caller.signal, onProgress: ({ request }) => void byId.set(request.id, entry) },
      )
      .finally(() => {
        if (getEventListeners(caller.signal, "abort").length > 0) wrong(`${kind} has left a listener`);
      });
    if (entry.life === lives) ended(entry, answer);
  }

  async function cancelled(): Promise<void> {
    asked += 1;
    const caller = new AbortController();
    const entry: Asked = {
      kind: "cancel",
      command: `ls gone-${asked}`,
      openedAt: clock.elapsed(),
      life: lives,
      limitMs: TIMEOUT_MS,
      isAllowed: false,
    };
    open.add(entry);
    clock.after(random(2 * MINUTE_MS), () => caller.abort());
    const call = { toolName: "Bash", input: { command: entry.command }, toolUseId: `toolu_${asked}` };
    const answer = await life.gate.request(
      { call, door: "mcp" },
      { signal: caller.signal, onProgress: ({ request }) => void byId.set(request.id, entry) },
    );
    if (entry.life === lives) ended(entry, answer);
  }

  async function parkedCall(): Promise<void> {
    asked += 1;
    const sessionId = `00000000-0000-4000-8000-${String(asked).padStart(12, "0")}`;
    const session = { command: `make release-${asked}`, toolUseId: `toolu_p${asked}`, resumed: 0 };
    sessions.set(sessionId, session);
    const mine = lives;
    const answer = await life.parked.ahead(aheadOf(sessionId, session));
    if (mine !== lives) return;
    if (answer.kind === "defer") life.parked.runEnded(sessionId);
    outcomes.set(`ahead: ${answer.kind}`, (outcomes.get(`ahead: ${answer.kind}`) ?? 0) + 1);
  }

  const kinds = ["plain", "plain", "plain", "hook", "rest", "again", "cancel"] as const;
  function happen(): void {
    const kind = kinds[random(kinds.length)] ?? "plain";
    void (kind === "cancel" ? cancelled() : ask(kind));
    if (random(200) === 0) void parkedCall();
  }

  /** A pause that ends by itself, and a panic that only the machine ends. */
  function interrupt(minute: number, isPanicDay: boolean): void {
    if (minute === PAUSE_AT) void reply("PAUSE 20");
    if (!isPanicDay) return;
    if (minute === PANIC_AT) void reply("PANIC");
    if (minute !== PANIC_AT + PANIC_MINUTES) return;
    if (life.mode().kind !== "panic") wrong("a panic has ended by itself");
    if (life.gate.waiting().some(({ parking }) => parking?.parkedAt === undefined))
      wrong("something waits in a panic");
    void life.open();
  }

  async function settle(): Promise<void> {
    for (let turn = 0; turn < TURNS; turn += 1) await new Promise(setImmediate);
  }

  function look(): void {
    const now = clock.elapsed();
    for (const entry of open) {
      if (entry.life === lives && now - entry.openedAt > entry.limitMs + SLACK_MS) {
        wrong(`${entry.kind} still waits ${now - entry.openedAt} ms after it was asked`);
        open.delete(entry);
      }
    }
  }

  async function begin(): Promise<void> {
    lives += 1;
    open.clear();
    byId.clear();
    granted.clear();
    life = await startLife(world);
    await settle();
  }

  async function finish(isCrash: boolean): Promise<void> {
    if (isCrash) {
      life.crash();
    } else {
      const stopped = life.stop();
      await clock.advance(5_000);
      await stopped;
      await settle();
      if (open.size > 0) wrong(`${open.size} callers were not answered by a stop`);
      if (life.timers() > 0) wrong(`${life.timers()} timers are set after a stop`);
    }
    const left = statuses(world.databasePath);
    // What is parked waits on.
    if (!isCrash && left.pendingUnparked > 0) wrong(`${left.pendingUnparked} rows are pending after a stop`);
  }

  life = await startLife(world);
  lives = 1;
  await settle();
  const heaps: number[] = [];
  for (let day = 0; day < days; day += 1) {
    const perMinute = requestsADay / 1_440;
    for (let minute = 0; minute < 1_440; minute += 1) {
      const hour = Math.floor(minute / 60);
      const share = isAway() ? 0.05 : hour >= 7 && hour < 20 ? 1.6 : 0.3;
      const many = Math.floor(perMinute * share + random(1_000) / 1_000);
      for (let each = 0; each < many; each += 1) clock.after(random(MINUTE_MS), happen);
      if (!isAway()) interrupt(minute, day % 2 === 0);
      if (minute === 700) clock.sleep(10 * MINUTE_MS);
      if (minute === 1_000) clock.setBack(7 * MINUTE_MS);
      await clock.advance(MINUTE_MS);
      look();
    }
    await settle();
    look();
    await finish(day % 3 === 1);
    heaps.push(heapAfterCollection());
    say(
      `day ${day + 1}: ${asked} requests, ${violations.length} violations, heap ${(heaps.at(-1) ?? 0).toFixed(1)} MB`,
    );
    await begin();
  }
  await clock.advance(PARKING.forMs + HOUR_MS);
  look();
  await settle();
  if (life.gate.waiting().length > 0)
    wrong(`${life.gate.waiting().length} requests wait after everything is over`);
  await finish(false);
  const rows = statuses(world.databasePath);
  rmSync(dir, { recursive: true, force: true });
  for (const text of [...violations, ...errors].slice(0, 12)) say(text);
  say([...outcomes].map(([status, many]) => `${status} ${many}`).join(", "));
  const rise = (heaps.at(-1) ?? 0) - (heaps[Math.min(1, heaps.length - 1)] ?? 0);
  const remindedDays = new Set(reminders);
  const checks: Check[] = [
    none("violations: late, lost, not allowed by anybody, left behind", violations.length),
    none("errors in the log", errors.length),
    none("rows that are pending at the end", rows.pendingUnparked + rows.pendingParked),
    {
      what: "deadlines: latest end after one",
      found: `${Math.max(0, Math.round(worstMs))} ms`,
      limit: `≤ ${SLACK_MS} ms`,
      met: worstMs <= SLACK_MS,
    },
    {
      what: "requests approved, denied and expired",
      found: ["approved", "denied", "expired"].map((status) => outcomes.get(status) ?? 0).join(", "),
      limit: "each > 0",
      met: ["approved", "denied", "expired"].every((status) => (outcomes.get(status) ?? 0) > 0),
    },
    { what: "looks for templates", found: String(looks), limit: `≥ ${days}`, met: looks >= days },
    {
      what: "heap: rise from the second day to the last",
      found: `${rise.toFixed(1)} MB`,
      limit: `≤ ${HEAP_RISE} MB`,
      met: rise <= HEAP_RISE,
    },
    ...(days < 6
      ? []
      : [
          {
            what: "reminders while the person is silent",
            found: String(reminders.length),
            limit: "at least 1, one a day",
            met: reminders.length >= 1 && remindedDays.size === reminders.length,
          },
        ]),
  ];
  const what = `${days} virtual days (${new Date(START).toISOString().slice(0, 10)}, ${lives} lives, seed ${seed})`;
  return { ...before, what, requests: asked, checks };
}

const HEAP_RISE = 6;

function none(what: string, found: number): Check {
  return { what, found: String(found), limit: "0", met: found === 0 };
}

function statuses(path: string): { readonly pendingParked: number; readonly pendingUnparked: number } {
  const db = new Database(path, { readonly: true });
  const count = (where: string) =>
    (
      db.prepare(`SELECT count(*) AS n FROM approvals WHERE status = 'pending' AND ${where}`).get() as {
        n: number;
      }
    ).n;
  const found = {
    pendingParked: count(`id IN (${PARKED})`),
    pendingUnparked: count(`id NOT IN (${PARKED})`),
  };
  db.close();
  return found;
}

const PARKED = "SELECT approval_id FROM parked WHERE ended_at IS NULL";

/** MB. */
function heapAfterCollection(): number {
  for (let turn = 0; turn < 2; turn += 1) collect();
  return process.memoryUsage().heapUsed / 1e6;
}

const collect = garbageCollector();

function garbageCollector(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}
