// A code that was used, and somebody stops everything, or goes, while its binding is being written down: nobody is bound then.
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import { openBindings } from "../../src/core/bindings.ts";
import { createModeKeeper } from "../../src/core/mode.ts";
import { createPairing } from "../../src/core/pairing.ts";
import { hashOfCode } from "../../src/core/pairing-code.ts";
import { createPeople } from "../../src/core/people.ts";
import type { Phone } from "../../src/domain/tool-call.ts";
import { keep } from "../../src/store/open-database.ts";
import { createSqliteStore } from "../../src/store/sqlite.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { createKeptLog } from "../helpers/silent-log.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const CODE = "kqmwa";
const CHAT = "telegram:7001" as Phone;
const PANIC = { kind: "panic", by: "+15005550006" as Phone } as const;

type Parts = Awaited<ReturnType<typeof stage>>;
type Meanwhile = (parts: Parts) => Promise<unknown> | undefined;

/** @param onAsked called when the write was asked for @param onWritten when the disk has it, and nobody was told of that yet */
async function stage(onAsked: Meanwhile = () => undefined, onWritten: Meanwhile = () => undefined) {
  const path = join(temporaryFolder(), "approvals.db");
  const store = createSqliteStore(path);
  onTestFinished(() => store.close());
  const [clock, log] = [createFakeClock(), createKeptLog()];
  const mode = await createModeKeeper(store, clock, log);
  const open = async () => {
    const people = createPeople({ people: [], channels: ["telegram"] });
    const watched = {
      ...store,
      async keepBinding(binding: Parameters<typeof store.keepBinding>[0]) {
        const written = store.keepBinding(binding);
        void onAsked(parts);
        await written;
        await onWritten(parts);
      },
    };
    const bindings = await openBindings({ people, store: watched, secretOf: () => "a token", clock, log });
    return { people, bindings };
  };
  const { people, bindings } = await open();
  const told: string[] = [];
  const messenger = {
    tell: async (to: Phone, { kind }: { kind: string }) => `N${told.push(`${to} ${kind}`)}`,
  };
  const pairing = createPairing({ people, bindings, messenger, clock, log });
  mode.onClose(() => pairing.stop());
  const gone = new AbortController();
  const parts = { path, mode, pairing, people, told, clock, log, gone, again: open };
  return parts;
}

async function use(parts: Parts) {
  const { pairing, clock, gone } = parts;
  const code = hashOfCode(CODE, "salt");
  const ended = pairing.open({ channel: "telegram", person: "ada", code, signal: gone.signal });
  const heard = await pairing.hear({ from: CHAT, text: CODE, at: clock.now() });
  return [heard, await ended];
}

function rowsIn(path: string): unknown {
  const db = keep(new Database(path, { readonly: true }));
  try {
    return keep(db.prepare("SELECT count(*) FROM bindings").pluck()).get();
  } finally {
    db.close();
  }
}

const STOPS: readonly [string, (parts: Parts) => Promise<unknown> | undefined][] = [
  ["PANIC comes", ({ mode }) => mode.close(PANIC)],
  ["a pause comes", ({ mode }) => mode.close({ ...PANIC, kind: "paused", until: 60_000 })],
  ["whoever waits for it goes", ({ gone }) => void gone.abort()],
  ["the server stops", ({ pairing }) => void pairing.stop()],
];

describe.each(STOPS)("a code was used, and %s", (_, stop) => {
  it.each<[string, Meanwhile | undefined, Meanwhile | undefined]>([
    ["before its binding is on the disk", stop, undefined],
    ["when its binding is on the disk, and nothing came of it yet", undefined, stop],
  ])("%s: nobody is bound or told, also after a restart", async (_when, onAsked, onWritten) => {
    const parts = await stage(onAsked, onWritten);
    expect(await use(parts)).toEqual(["ignored", "stopped"]);
    expect([parts.people.all(), parts.told, rowsIn(parts.path)]).toEqual([[], [], 0]);
    expect((await parts.again()).people.all()).toEqual([]);
  });
});

it("a PANIC takes the binding out of the record in the write that it makes itself: no crash comes between", async () => {
  let rows: unknown;
  const parts = await stage(undefined, async ({ mode, path }) => {
    expect(rowsIn(path)).toBe(1);
    await mode.close(PANIC);
    rows = rowsIn(path);
  });
  await use(parts);
  expect(rows).toBe(0);
});

it("a PANIC that comes once somebody is bound is too late for the code, and says nothing else", async () => {
  const parts = await stage();
  expect(await use(parts)).toEqual(["bound", "bound"]);
  await parts.mode.close(PANIC);
  expect([parts.people.mayApprove(CHAT), parts.told]).toEqual([true, [`${CHAT} paired`]]);
});
