// The event log as the server uses it: what has no row of its own, and looking after the log itself.
import type Database from "better-sqlite3";
import type { EventLog } from "../core/ports/event-log.ts";
import type { EventWriter } from "./events.ts";
import { removeOldFiles } from "./old-files.ts";
import { createPurge } from "./purge.ts";
import type { Statements } from "./statements.ts";

/** The setting with the day of the last head. */
const HEAD_DAY = "audit-head-day";

interface EventLogWork {
  /** Runs work on the database that is open. */
  run<T>(work: (db: Database.Database, sql: Statements, events: EventWriter) => T): Promise<T>;
  /** Empties the write-ahead log. */
  readonly tidy: () => void;
  /** Epoch ms. */
  readonly now: () => number;
}

export function createEventLog({ run, tidy, now }: EventLogWork): EventLog {
  return {
    note: (event) => run((db, _, events) => db.transaction(() => void events.append(event))()),
    claimHead: (day) =>
      run((db, sql, events) =>
        db
          .transaction(() => {
            if (sql.getSetting.get(HEAD_DAY)?.value === day) return undefined;
            sql.setSetting.run(HEAD_DAY, day);
            return events.append({ kind: "head-sent", data: { day } });
          })
          .immediate(),
      ),
    async checkLog() {
      const problem = await run((db, _, events) => db.transaction(() => events.check()).immediate());
      // Another process may have purged.
      tidy();
      return problem;
    },
    async purge(before) {
      const limits = { before, now: now() };
      const purge = await run((db) => createPurge(db, limits));
      const step = () => run((db, _, events) => db.transaction(() => purge.step(events)).immediate());
      // Between two steps whatever waits is done.
      for (let isLast = false; !isLast; ) {
        const done = await step();
        done.keep();
        isLast = done.isLast;
        await new Promise((resolve) => setImmediate(resolve));
      }
      const files = await run((db) => removeOldFiles(db, before));
      tidy();
      return { removed: { ...purge.result().removed, ...files } };
    },
  };
}
