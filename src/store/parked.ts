// Requests that wait on without Claude: beside their rows, so that a restart finds them.
import type Database from "better-sqlite3";
import type { KeptParked, ParkedStore } from "../core/ports/parked-store.ts";
import type { ApprovalId } from "../domain/tool-call.ts";
import type { EventWriter } from "./events.ts";
import { keep } from "./open-database.ts";

interface KeptRow extends Omit<KeptParked, "startedAt"> {
  readonly startedAt: number | null;
}

export function prepareParkedStatements(db: Database.Database) {
  const prepared = <P extends unknown[] | object, R = unknown>(source: string) =>
    keep(db.prepare<P, R>(source));
  return {
    park: prepared<object>(
      `INSERT INTO parked (approval_id, body, seal, parked_at)
       SELECT id, @body, @seal, @parkedAt FROM approvals WHERE id = @id AND status = 'pending'
       ON CONFLICT (approval_id) DO NOTHING`,
    ),
    markParked: prepared<[string | null, string]>("UPDATE approvals SET executor = ? WHERE id = ?"),
    unpark: prepared<[string]>("DELETE FROM parked WHERE approval_id = ? AND started_at IS NULL"),
    parked: prepared<[], KeptRow>(
      `SELECT p.approval_id AS id, p.body, p.seal, p.parked_at AS parkedAt, p.started_at AS startedAt, a.status, a.input
       FROM parked p JOIN approvals a ON a.id = p.approval_id WHERE p.ended_at IS NULL ORDER BY p.parked_at`,
    ),
    startParked: prepared<[number, string]>(
      `UPDATE parked SET started_at = ? WHERE approval_id = ? AND started_at IS NULL AND ended_at IS NULL
         AND EXISTS (SELECT 1 FROM approvals a WHERE a.id = parked.approval_id AND a.status = 'approved')`,
    ),
    endParked: prepared<[number, string]>(
      "UPDATE parked SET ended_at = ? WHERE approval_id = ? AND ended_at IS NULL",
    ),
  };
}

type ParkedSql = ReturnType<typeof prepareParkedStatements>;

/** @param run runs what writes on the database that is open @param read runs what only reads */
export function createParkedStore(
  run: <T>(work: (sql: ParkedSql, db: Database.Database, events: EventWriter) => T) => Promise<T>,
  read: <T>(work: (sql: ParkedSql) => T) => Promise<T>,
): ParkedStore {
  return {
    park: (row) =>
      run((sql, db, events) =>
        db
          .transaction(() => {
            if (sql.park.run(row).changes !== 1) return false;
            sql.markParked.run("resumed", row.id);
            note(events, row.id, "parked");
            return true;
          })
          .immediate(),
      ),
    unpark: (id) =>
      run((sql, db, events) =>
        db
          .transaction(() => {
            if (sql.unpark.run(id).changes !== 1) return;
            sql.markParked.run(null, id);
            note(events, id, "taken back");
          })
          .immediate(),
      ),
    parked: () =>
      read((sql) =>
        sql.parked
          .all()
          .map(({ startedAt, ...row }) => ({ ...row, ...(startedAt === null ? {} : { startedAt }) })),
      ),
    startParked: (id, at) =>
      run((sql, db, events) =>
        db.transaction(() => sql.startParked.run(at, id).changes === 1 && note(events, id, "resumed"))(),
      ),
    endParked: (id, at) =>
      run((sql, db, events) =>
        db.transaction(() => sql.endParked.run(at, id).changes === 1 && note(events, id, "ended"))(),
      ),
  };
}

function note(events: EventWriter, requestId: ApprovalId, step: string): true {
  events.append({ kind: "parked", requestId, data: { step } });
  return true;
}
