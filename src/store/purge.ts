// Removes what is older than a time, in steps that are each a transaction of their own: the server goes on between them, and a purge
// that is broken off is finished by the next one. First it is written into the log where the chain begins afterwards, then the rows
// go, then the entries: at every moment each row that is there still has its entries.
import type Database from "better-sqlite3";
import { GENESIS, type LogHead } from "../core/event-chain.ts";
import type { PurgeResult } from "../core/ports/event-log.ts";
import { digestEarlier, type Earlier } from "./event-beginning.ts";
import type { EventWriter } from "./events.ts";
import { type PurgeLimits, preparePurge } from "./purge-statements.ts";

export interface Purge {
  /** What would be removed. Changes nothing. */
  plan(): PurgeResult;
  /** One step, which may be taken back: it counts with `keep`, once it is on the disk. */
  step(events: EventWriter): PurgeStep;
  /** What was removed so far. */
  result(): PurgeResult;
}

interface PurgeStep {
  readonly isLast: boolean;
  keep(): void;
}

const statements = new WeakMap<Database.Database, ReturnType<typeof preparePurge>>();

/** Within a transaction for each call. */
export function createPurge(db: Database.Database, limits: PurgeLimits): Purge {
  const sql = statements.get(db) ?? preparePurge(db);
  statements.set(db, sql);
  const { before } = limits;
  let removed: Readonly<Record<string, number>> = {};
  let base: LogHead | undefined;

  /** The last entry that goes; the chain begins after it. What a purge that was broken off has named goes, too. */
  function findBase(): LogHead {
    const first = sql.firstKept.get(limits)?.seq ?? (sql.lastEvent.get()?.seq ?? 0) + 1;
    const seq = Math.max(first - 1, sql.purged.get()?.purged ?? 0);
    return { seq, hash: sql.eventAt.get(seq)?.hash ?? sql.eventAt.get(seq + 1)?.prev ?? GENESIS };
  }

  function plan(): PurgeResult {
    const counts = [
      ["approvals", sql.countRequests.get(limits)?.rows ?? 0],
      ...sql.loose.map(({ table, count }) => [table, count.get({ before })?.rows ?? 0] as const),
      ["events", sql.countEvents.get(findBase().seq)?.rows ?? 0],
    ] as const;
    return { removed: Object.fromEntries(counts.filter(([, rows]) => rows > 0)) };
  }

  /** @returns how many rows went, by table */
  function removeRows(): Readonly<Record<string, number>> {
    const gone: Record<string, number> = {};
    const found = sql.requests.all(limits);
    for (const { id } of found)
      for (const [table, statement] of sql.hanging)
        gone[table] = (gone[table] ?? 0) + statement.run({ id }).changes;
    if (found.length > 0) return gone;
    for (const { table, remove } of sql.loose) {
      const { changes } = remove.run({ before });
      if (changes > 0) return { [table]: changes };
    }
    return {};
  }

  function remainingEarlier(): Earlier {
    const digest = digestEarlier();
    for (let rows = sql.earlier.all({ after: "" }); rows.length > 0; ) {
      for (const { hasEnded, ...row } of rows) digest.add(row, hasEnded === 1);
      rows = sql.earlier.all({ after: rows.at(-1)?.id ?? "" });
    }
    return digest.result();
  }

  return {
    plan,
    step(events) {
      if (base === undefined) {
        if (Object.keys(plan().removed).length === 0) return { isLast: true, keep() {} };
        const found = findBase();
        events.append({ kind: "purged", data: { done: false, before, upTo: found.seq, hash: found.hash } });
        sql.setPurged.run(found.seq);
        return {
          isLast: false,
          keep() {
            base = found;
          },
        };
      }
      let gone = removeRows();
      if (Object.keys(gone).length === 0) {
        const { changes } = sql.events.run(base.seq);
        if (changes > 0) gone = { events: changes };
      }
      const isLast = Object.keys(gone).length === 0;
      if (isLast) {
        const data = {
          done: true,
          before,
          upTo: base.seq,
          hash: base.hash,
          earlier: remainingEarlier(),
          removed,
        };
        events.append({ kind: "purged", data });
      }
      return {
        isLast,
        keep() {
          removed = sum(removed, gone);
        },
      };
    },
    result: () => ({ removed }),
  };
}

type Counts = Readonly<Record<string, number>>;

function sum(some: Counts, more: Counts): Counts {
  const all = { ...some };
  for (const [table, rows] of Object.entries(more)) if (rows > 0) all[table] = (all[table] ?? 0) + rows;
  return all;
}
