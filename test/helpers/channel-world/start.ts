// The whole server over one channel or several, each at its platform behind a wire, with one person who has an address on each of them.

import { join } from "node:path";
import { setTimeout as realPause } from "node:timers/promises";
import Database from "better-sqlite3";
import { expect, onTestFinished } from "vitest";
import { parseConfig } from "../../../src/config/config.ts";
import { openBindings } from "../../../src/core/bindings.ts";
import { createPeople } from "../../../src/core/people.ts";
import { CHANNELS, type ChannelName } from "../../../src/domain/channel.ts";
import { startServer } from "../../../src/server/create-server.ts";
import type { ApprovalServer } from "../../../src/server/server-contract.ts";
import { createSqliteStore } from "../../../src/store/sqlite.ts";
import "../late-parts.ts";
import { PATIENCE_MS } from "../patience.ts";
import { BASH_CALL, type CallOptions, callTool, type PermissionAnswer } from "../server-stage.ts";
import { createKeptLog, type KeptLog } from "../silent-log.ts";
import { temporaryFolder } from "../temporary.ts";
import { openAgentWorld } from "./agent.ts";
import type { ChannelWorld, OpenWorld, Shown } from "./contract.ts";
import { createDrivenClock, type DrivenClock } from "./driven-clock.ts";
import { openTelegramWorld } from "./telegram.ts";
import { openTwilioWorld } from "./twilio.ts";

const OPEN: Readonly<Record<ChannelName, OpenWorld>> = {
  whatsapp: openTwilioWorld,
  "whatsapp-agent": openAgentWorld,
  telegram: openTelegramWorld,
};

/** A call that waits, or has waited. */
interface AskedCall {
  readonly answer: Promise<PermissionAnswer>;
  readonly progress: readonly string[];
  /** What Claude was answered; undefined as long as it waits. */
  ended(): PermissionAnswer | undefined;
  /** The caller goes away. */
  leave(): void;
}

/** Its message on one channel. */
export interface AskedMessage {
  readonly id: string;
  readonly message: Shown;
}

export interface WorldStage<Name extends ChannelName = ChannelName> {
  readonly clock: DrivenClock;
  readonly log: KeptLog;
  readonly databasePath: string;
  server(): ApprovalServer;
  world(name?: Name): ChannelWorld;
  /** Calls the permission tool. */
  call(args?: Record<string, unknown>, options?: CallOptions): AskedCall;
  /** The message of the nth request, from 0, that takes its answer, once the platform has told the server what it took. */
  asked(nth?: number, name?: Name): Promise<AskedMessage>;
  /** The first message that contains it. */
  told(text: string | RegExp, name?: Name): Promise<Shown>;
  /** Everything that was written so far is handled. */
  heardAll(name?: Name): Promise<void>;
  /** Waits until something is so, while time passes. */
  until<T>(what: string, condition: () => T | undefined | false): Promise<T>;
  /** What /health says. */
  health(): Promise<{
    readonly channels: readonly {
      readonly channel: string;
      readonly state: string;
      readonly problem?: string;
    }[];
  }>;
  /** The record's entries of a kind. */
  events(kind: string): readonly Readonly<Record<string, unknown>>[];
  stop(): Promise<void>;
  /** Starts the next server over the same record, or a copy of it. */
  start(databasePath?: string): Promise<ApprovalServer>;
}

export interface WorldOptions {
  readonly env?: Readonly<Record<string, string>>;
}

export async function startWorlds<Name extends ChannelName>(
  names: readonly Name[],
  { env = {} }: WorldOptions = {},
): Promise<WorldStage<Name>> {
  const clock = createDrivenClock();
  const databasePath = join(temporaryFolder(), "approvals.db");
  const log = createKeptLog();
  const worlds = new Map<ChannelName, ChannelWorld>();
  for (const name of names) worlds.set(name, await OPEN[name](clock));
  const all = [...worlds.values()];
  await bind(all, { databasePath, clock, log });
  const settings = {
    ...{ SERVER_PORT: "0", WEBHOOK_PORT: "0", SIMULATOR_PORT: "0", HOOK_GRACE_SECONDS: "0" },
    CHANNELS: names.join(","),
    ...Object.assign({}, ...all.map((world) => world.env)),
    ...env,
  };
  // Whatever a test is about.
  onTestFinished(() => {
    for (const secret of all.flatMap(({ secrets }) => secrets)) expect(log.text()).not.toContain(secret);
    // The record takes whatever a platform tells.
    expect(log.entries.map(({ message }) => message).filter((each) => UNRECORDED.test(each))).toEqual([]);
  });
  const deps = Object.assign({}, ...all.map((world) => world.deps)) as ChannelWorld["deps"];
  let current: ApprovalServer;

  async function start(path = databasePath): Promise<ApprovalServer> {
    const config = parseConfig({ ...settings, APPROVAL_DB: path });
    const server = await startServer(config, { log, version: "0.0.0-test", clock, ...deps });
    onTestFinished(() => server.close());
    for (const world of all) world.attach(server);
    current = server;
    return server;
  }

  const world = (name: Name | undefined = names[0]) => {
    const found = worlds.get(name ?? "whatsapp");
    if (found === undefined) throw new Error(`${String(name)} is not used here`);
    return found;
  };

  async function until<T>(what: string, condition: () => T | undefined | false): Promise<T> {
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      const found = condition();
      if (found !== undefined && found !== false) return found;
      if (Date.now() > end)
        throw new Error(`${what} did not come.\n${chatsOf(all)}\n${log.text().slice(-3_000)}`);
      await realPause(3);
    }
  }

  const requests = (name?: Name) =>
    world(name)
      .chat()
      .filter(({ text }) => text.startsWith("🔔") && ID.test(text));

  const told = (text: string | RegExp, name?: Name) =>
    until(`"${String(text)}" on ${world(name).traits.name}`, () =>
      world(name)
        .chat()
        .find((each) => (typeof text === "string" ? each.text.includes(text) : text.test(each.text))),
    );

  await start();
  return {
    clock,
    log,
    databasePath,
    server: () => current,
    world,
    until,
    told,
    start,
    stop: () => current.close(),
    call(args = BASH_CALL, options = {}) {
      const caller = new AbortController();
      const progress: string[] = [];
      let ended: PermissionAnswer | undefined;
      const onProgress = (note: string) => void progress.push(note);
      const answer = callTool(current, args, { signal: caller.signal, onProgress, ...options }).then(
        (value) => {
          ended = value;
          return value;
        },
      );
      answer.catch(() => {});
      return { answer, progress, ended: () => ended, leave: () => caller.abort() };
    },
    async asked(nth = 0, name) {
      const { traits, wire } = world(name);
      const message = await until(`request ${nth} on ${traits.name}`, () => requests(name)[nth]);
      // Whoever answers by quoting it does so once the server has its id, unless a test holds that back.
      await until("the answer to its sending", () => wire.underWay() === 0);
      return { message, id: idIn(message.text) };
    },
    async heardAll(name) {
      const isStatus = ({ text }: Shown) => /requests? waiting|Stopped: /.test(text);
      const before = world(name).chat().filter(isStatus).length;
      await world(name).write("STATUS");
      await until("the answer to STATUS", () => world(name).chat().filter(isStatus).length > before);
    },
    async health() {
      const answer = await fetch(`${current.localUrl}/health`);
      return (await answer.json()) as Awaited<ReturnType<WorldStage["health"]>>;
    },
    events(kind) {
      const db = new Database(databasePath, { readonly: true });
      const rows = db.prepare("SELECT data FROM events WHERE kind = ? ORDER BY seq").all(kind) as {
        readonly data: string;
      }[];
      db.close();
      return rows.map(({ data }) => JSON.parse(data) as Readonly<Record<string, unknown>>);
    },
  };
}

const UNRECORDED = /could not be (recorded|noted|kept|written down|taken)/;
const ID = /Request ID: ([a-z]{5})/;

const idIn = (text: string): string => ID.exec(text)?.[1] ?? "none";

/** What a code would have done before. */
async function bind(
  worlds: readonly ChannelWorld[],
  { databasePath, clock, log }: Pick<WorldStage, "databasePath" | "clock" | "log">,
): Promise<void> {
  const store = createSqliteStore(databasePath);
  const numbers = worlds.flatMap(({ address, traits }) => (traits.name === "whatsapp" ? [address] : []));
  const person = numbers[0] ?? "ada";
  const people = createPeople({ people: [], channels: CHANNELS });
  const secretOf = (channel: ChannelName) => {
    const found = worlds.find(({ traits }) => traits.name === channel);
    return found?.env["TELEGRAM_BOT_TOKEN"] ?? found?.env["WHATSAPP_AGENT_KEY"];
  };
  const bindings = await openBindings({ people, store, secretOf, clock, log });
  for (const { address, traits } of worlds)
    if (traits.name !== "whatsapp") await bindings.bind(address, person);
  await store.close();
}

function chatsOf(worlds: readonly ChannelWorld[]): string {
  return worlds
    .map(
      ({ traits, chat }) =>
        `${traits.name}:\n${chat()
          .map(({ text }) => text.slice(0, 400))
          .join("\n---\n")}`,
    )
    .join("\n======\n");
}
