// A purge: what is older goes, what is open stays, and the log can be verified at every moment of it.
import { existsSync, readFileSync } from "node:fs";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import type { ApprovalId } from "../../src/domain/tool-call.ts";
import { openMaintenance } from "../../src/store/maintenance.ts";
import { keep } from "../../src/store/open-database.ts";
import {
  decideOne,
  EVENT_PHONE,
  EVENT_START,
  eventRequest,
  eventStage,
  TOKEN,
} from "../helpers/event-stage.ts";
import { SESSION } from "../helpers/session-offer.ts";

const DAY = 24 * 60 * 60_000;
const idOf = (index: number) =>
  [...String(index).padStart(5, "0")].map((digit) => "abcdefghij"[Number(digit)]).join("") as ApprovalId;

function rowsOf(path: string, table: string): unknown[] {
  const db = keep(new Database(path, { readonly: true }));
  const rows = keep(db.prepare(`SELECT * FROM ${table}`)).all();
  db.close();
  return rows;
}

/** Ten old requests, then ten new ones. */
async function filled() {
  const stage = eventStage();
  for (let index = 0; index < 20; index += 1) {
    stage.now = EVENT_START + (index < 10 ? 0 : 10 * DAY) + index;
    await decideOne(stage.store, idOf(index), stage.now);
  }
  stage.now = EVENT_START + 11 * DAY;
  return stage;
}

const BEFORE = EVENT_START + 5 * DAY;

describe("a purge", () => {
  it("removes what is older with all that hangs on it, and the log verifies from there on", async () => {
    const stage = await filled();
    const newHash = stage.events().at(-1)?.hash.slice(0, 20) ?? "";
    const oldHash = stage.events()[5]?.hash.slice(0, 20) ?? "";
    const { removed } = await stage.store.purge(BEFORE);
    expect(removed).toMatchObject({
      approvals: 10,
      messages: 10,
      receipts: 10,
      correspondence: 10,
      events: 51,
    });
    for (const table of ["approvals", "messages", "receipts", "correspondence"])
      expect(rowsOf(stage.path, table)).toHaveLength(10);
    expect(stage.verify(newHash)).toMatchObject({ problems: [], purgedUpTo: 51, seal: "fits", found: {} });
    expect(stage.verify(oldHash).problems[0]?.problem).toContain("purged");
    // A second one finds nothing, and is no entry.
    const entries = stage.events().length;
    expect(await stage.store.purge(BEFORE)).toEqual({ removed: {} });
    expect(stage.events()).toHaveLength(entries);
    await decideOne(stage.store, "kqmwa", stage.now);
    stage.now += 20 * DAY;
    await stage.store.purge(stage.now - DAY);
    expect(rowsOf(stage.path, "approvals")).toEqual([]);
    expect(stage.verify().problems).toEqual([]);
  });

  it("never takes what waits, what is parked and a grant that holds, nor their entries", async () => {
    const stage = eventStage();
    const { store } = stage;
    await decideOne(store, idOf(1));
    await store.insert(eventRequest(idOf(2)));
    await decideOne(store, idOf(3));
    await store.insert(eventRequest(idOf(4)));
    const session = { ...SESSION, ms: 100 * DAY };
    await store.settle(idOf(4), { status: "approved", by: EVENT_PHONE, session }, EVENT_START);
    await store.insert(eventRequest(idOf(5)));
    await store.park({ id: idOf(5), body: "{}", seal: "s", parkedAt: EVENT_START });
    stage.now = EVENT_START + 50 * DAY;
    const { removed } = await store.purge(stage.now - DAY);
    expect(removed).toMatchObject({ approvals: 2, events: 6 });
    expect((rowsOf(stage.path, "approvals") as { id: string }[]).map(({ id }) => id)).toEqual(
      [2, 4, 5].map(idOf),
    );
    expect(stage.verify().problems).toEqual([]);
    expect(await store.settle(idOf(2), { status: "approved", by: EVENT_PHONE }, stage.now)).toBe(true);
    expect(stage.verify().problems).toEqual([]);
    stage.now += 200 * DAY;
    await store.endParked(idOf(5), stage.now);
    await store.settle(idOf(5), { status: "expired" }, stage.now);
    stage.now += 10 * DAY;
    await store.purge(stage.now - DAY);
    expect(rowsOf(stage.path, "approvals")).toEqual([]);
    expect(stage.verify().problems).toEqual([]);
  });

  it("leaves nothing of what it took in the files", async () => {
    const stage = eventStage();
    const secretive = { ...eventRequest(idOf(1)), project: "a-name-to-forget" };
    await stage.store.insert(secretive);
    await stage.store.settle(
      idOf(1),
      { status: "denied", by: EVENT_PHONE, reason: "words-to-forget" },
      EVENT_START,
    );
    stage.now = EVENT_START + 9 * DAY;
    await decideOne(stage.store, idOf(2), stage.now);
    await stage.store.purge(BEFORE);
    const files = ["", "-wal"].map((suffix) => stage.path + suffix).filter((file) => existsSync(file));
    for (const file of files) {
      const content = readFileSync(file, "latin1");
      expect(content).not.toContain("a-name-to-forget");
      expect(content).not.toContain("words-to-forget");
      expect(content).not.toContain(idOf(1));
    }
    expect(readFileSync(stage.path, "latin1")).toContain(idOf(2));
  });

  it("that is broken off after any step verifies, and the next one finishes it", async () => {
    for (let steps = 1; steps < 12; steps += 1) {
      const stage = await filled();
      const maintenance = openMaintenance(stage.path, { secrets: [TOKEN], now: () => stage.now });
      let left = steps;
      const stopped = new Error("stopped here");
      const purging = maintenance.purge({ before: BEFORE, now: stage.now }, async () => {
        left -= 1;
        if (left === 0) throw stopped;
      });
      const isWhole = await purging.then(
        () => true,
        (error: unknown) => {
          expect(error).toBe(stopped);
          return false;
        },
      );
      maintenance.close();
      expect(stage.verify().problems).toEqual([]);
      await stage.store.purge(BEFORE);
      expect(rowsOf(stage.path, "approvals")).toHaveLength(10);
      expect(stage.verify().problems).toEqual([]);
      expect(stage.problems).toEqual([]);
      if (isWhole) return;
    }
    throw new Error("it took more steps than were tried");
  });

  it("of what was before the log leaves the rest of it known", async () => {
    const stage = await filled();
    await stage.store.close();
    stage.attack("DELETE FROM events");
    stage.attack("UPDATE event_head SET seq = 0, hash = '', seal = ''");
    const store = stage.open();
    await store.purge(BEFORE);
    expect(rowsOf(stage.path, "approvals")).toHaveLength(10);
    expect(stage.verify().problems).toEqual([]);
    stage.attack("UPDATE approvals SET outcome = '{}' WHERE id = ?", idOf(12));
    expect(stage.verify().problems).toHaveLength(1);
  });

  it("is no way to hide what was taken: a row that is gone and not old is named", async () => {
    const stage = await filled();
    await stage.store.purge(BEFORE);
    for (const table of ["messages", "correspondence"])
      stage.attack(`DELETE FROM ${table} WHERE approval_id = ?`, idOf(15));
    stage.attack("DELETE FROM approvals WHERE id = ?", idOf(15));
    expect(stage.verify().problems).toMatchObject([{ requestId: idOf(15) }]);
    // Nor is a row of an old time that was added.
    stage.attack(
      "INSERT INTO approvals (id, status, door, tool_name, input, masked_input, input_sha256, created_at, expires_at, outcome) VALUES ('zzzzz', 'approved', 'mcp', 'Bash', '{}', '{}', 'x', 1, 2, '{}')",
    );
    expect(
      stage
        .verify()
        .problems.map(({ problem }) => problem)
        .join(),
    ).toContain("1 more rows");
  });

  it("beside a server needs its token, so that the log stays the server's own", async () => {
    const stage = await filled();
    expect(() => openMaintenance(stage.path, { secrets: [] })).toThrow("TWILIO_AUTH_TOKEN");
    expect(() => openMaintenance(stage.path, { secrets: ["another"] })).toThrow("TWILIO_AUTH_TOKEN");
    expect(stage.verify().problems).toEqual([]);
  });
});
