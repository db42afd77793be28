// What a purge removes, as SQL: requests that have ended with all that hangs on them, and what is older and hangs on nothing.
import type Database from "better-sqlite3";
import { EARLIER_COLUMNS, type EarlierRow } from "./event-beginning.ts";
import { keep } from "./open-database.ts";

export interface PurgeLimits {
  /** Older is removed, epoch ms. */
  readonly before: number;
  /** Epoch ms. */
  readonly now: number;
}

/** Rows of one kind that one step removes at most: the server waits for it, and others for the server. */
const AT_ONCE = 200;
const EVENTS_AT_ONCE = 2_000;

const IS_OLD = `a.created_at < @before AND coalesce(a.decided_at, a.created_at) < @before AND a.status <> 'pending'
  AND NOT EXISTS (SELECT 1 FROM parked p WHERE p.approval_id = a.id AND p.ended_at IS NULL)
  AND NOT EXISTS (SELECT 1 FROM grants g WHERE g.id = a.id AND g.ended_at IS NULL AND g.expires_at > @now)`;

const HAS_ROW = (id: string) => `EXISTS (SELECT 1 FROM approvals a WHERE a.id = ${id})`;

/** What hangs on no request that is there: [table, key, condition]. */
const LOOSE = [
  [
    "correspondence",
    "message_id",
    `noted_at < @before AND (approval_id IS NULL OR NOT ${HAS_ROW("approval_id")})`,
  ],
  // What is still being carried out is of now: the start answers what a crash has left.
  ["unfinished_replies", "inbound_id", "inbound_id IN (SELECT id FROM inbound WHERE seen_at < @before)"],
  ["reminders", "phone", "sent_at < @before"],
  ["replies", "rowid", `at < @before AND NOT ${HAS_ROW("approval_id")}`],
  ["idempotency", "rowid", `created_at < @before AND NOT ${HAS_ROW("approval_id")}`],
  [
    "receipts",
    "message_id",
    `iif(json_valid(receipt), json_extract(receipt, '$.at'), 0) < @before
      AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.message_id = receipts.message_id)
      AND NOT EXISTS (SELECT 1 FROM correspondence c WHERE c.message_id = receipts.message_id)`,
  ],
  [
    "task_events",
    "rowid",
    `task_id IN (SELECT id FROM tasks WHERE status NOT IN ('asking', 'running')
      AND (changed_at < @before OR task_events.at < @before))`,
  ],
  [
    "tasks",
    "id",
    `changed_at < @before AND status NOT IN ('asking', 'running')
      AND NOT EXISTS (SELECT 1 FROM task_events e WHERE e.task_id = tasks.id)`,
  ],
] as const;

/** What hangs on a request, in the order in which it can be removed. */
const HANGING = [
  [
    "receipts",
    `message_id IN (SELECT message_id FROM messages WHERE approval_id = @id
      UNION SELECT message_id FROM correspondence WHERE approval_id = @id)`,
  ],
  ["messages", "approval_id = @id"],
  ["correspondence", "approval_id = @id"],
  ["replies", "approval_id = @id"],
  ["endorsements", "approval_id = @id"],
  ["idempotency", "approval_id = @id"],
  ["grants", "id = @id"],
  ["parked", "approval_id = @id"],
  ["approvals", "id = @id"],
] as const;

export function preparePurge(db: Database.Database) {
  const prepared = <P extends unknown[] | object, R = unknown>(source: string) =>
    keep(db.prepare<P, R>(source));
  return {
    countRequests: prepared<PurgeLimits, { rows: number }>(
      `SELECT count(*) AS rows FROM approvals a WHERE ${IS_OLD}`,
    ),
    requests: prepared<PurgeLimits, { id: string }>(
      `SELECT a.id FROM approvals a WHERE ${IS_OLD} ORDER BY a.created_at, a.id LIMIT ${AT_ONCE}`,
    ),
    hanging: HANGING.map(
      ([table, where]) => [table, prepared<{ id: string }>(`DELETE FROM ${table} WHERE ${where}`)] as const,
    ),
    loose: LOOSE.map(([table, key, where]) => ({
      table,
      count: prepared<{ before: number }, { rows: number }>(
        `SELECT count(*) AS rows FROM ${table} WHERE ${where}`,
      ),
      remove: prepared<{ before: number }>(
        `DELETE FROM ${table} WHERE ${key} IN (SELECT ${key} FROM ${table} WHERE ${where} LIMIT ${AT_ONCE})`,
      ),
    })),
    /** The first entry that stays: it is not old, or is about a request that stays. */
    firstKept: prepared<PurgeLimits, { seq: number }>(
      `SELECT e.seq FROM events e WHERE e.at >= @before
         OR EXISTS (SELECT 1 FROM approvals a WHERE a.id = e.request AND NOT (${IS_OLD}))
       ORDER BY e.seq LIMIT 1`,
    ),
    eventAt: prepared<[number], { prev: string; hash: string }>(
      "SELECT prev, hash FROM events WHERE seq = ?",
    ),
    lastEvent: prepared<[], { seq: number }>("SELECT seq FROM events ORDER BY seq DESC LIMIT 1"),
    purged: prepared<[], { purged: number }>("SELECT purged FROM event_head"),
    setPurged: prepared<[number]>("UPDATE event_head SET purged = ?"),
    countEvents: prepared<[number], { rows: number }>("SELECT count(*) AS rows FROM events WHERE seq <= ?"),
    events: prepared<[number]>(
      `DELETE FROM events WHERE seq IN (SELECT seq FROM events WHERE seq <= ? ORDER BY seq LIMIT ${EVENTS_AT_ONCE})`,
    ),
    /** Rows from before there was a log. */
    earlier: prepared<{ after: string }, EarlierRow & { hasEnded: number }>(
      `SELECT ${EARLIER_COLUMNS}, EXISTS (SELECT 1 FROM events d WHERE d.request = a.id AND d.kind = 'decided') AS hasEnded
       FROM approvals a WHERE a.id > @after AND a.id NOT IN (SELECT request FROM events WHERE kind = 'requested')
       ORDER BY a.id LIMIT 2000`,
    ),
  };
}
