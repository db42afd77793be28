// Reads the event log beside the server, or without one. The file is opened read-only.
import type Database from "better-sqlite3";
import type { LogHead, StoredEvent } from "../core/event-chain.ts";
import type { EventQuery, EventReader } from "../core/ports/event-reader.ts";
import { findRowProblems } from "./compare-rows.ts";
import { keep } from "./open-database.ts";
import { type NamedFile, openForReading } from "./open-for-reading.ts";

const COLUMNS = "e.seq, e.at, e.kind, e.request, e.data, e.prev, e.hash";
/** A field of an entry; none where somebody has made of its data what is no JSON. */
const field = (name: string, table = "e") =>
  `iif(json_valid(${table}.data), json_extract(${table}.data, '$.${name}'), NULL)`;
const OF_PROJECT = `${field("project")} = @project
  OR e.request IN (SELECT a.id FROM approvals a WHERE a.project = @project)
  OR e.request IN (SELECT r.request FROM events r WHERE r.kind = 'requested' AND ${field("project", "r")} = @project)`;
const WHERE = `(@kind IS NULL OR e.kind = @kind)
  AND (@requestId IS NULL OR e.request = @requestId)
  AND (@since IS NULL OR e.at >= @since)
  AND (@until IS NULL OR e.at < @until)
  AND (@status IS NULL OR ${field("status")} = @status)
  AND (@project IS NULL OR ${OF_PROJECT})
  AND (@phones IS NULL OR coalesce(${field("by")}, ${field("from")}, ${field("to")})
    IN (SELECT value FROM json_each(@phones)))`;

/** @throws ConfigError when it is not there, cannot be read, or is of another version */
export function openEventReader(path: string, named?: NamedFile): EventReader {
  return openForReading(path, createReader, named);
}

function createReader(db: Database.Database): EventReader {
  const prepared = <P extends unknown[] | object, R>(source: string) => keep(db.prepare<P, R>(source));
  const page = prepared<object, StoredEvent>(
    `SELECT ${COLUMNS} FROM events e WHERE e.seq > @after AND ${WHERE} ORDER BY e.seq LIMIT @limit`,
  );
  // Without conditions SQLite need not look at any.
  const all = prepared<[number, number], EventColumns>(
    `SELECT ${COLUMNS} FROM events e WHERE e.seq > ? ORDER BY e.seq LIMIT ?`,
  ).raw();
  const start = prepared<object, { seq: number }>(
    `SELECT e.seq FROM events e WHERE ${WHERE} ORDER BY e.seq DESC LIMIT 1 OFFSET @limit`,
  );
  const head = prepared<[], LogHead & { seal: string; purged: number }>(
    "SELECT seq, hash, seal, purged FROM event_head",
  );
  const first = prepared<[], StoredEvent>(`SELECT ${COLUMNS} FROM events e ORDER BY e.seq LIMIT 1`);
  const newest = prepared<[string], StoredEvent>(
    `SELECT ${COLUMNS} FROM events e WHERE e.kind = ? ORDER BY e.seq DESC LIMIT 1`,
  );
  return {
    page: (query, after, limit) =>
      isEmpty(query) ? all.all(after, limit).map(toEvent) : page.all({ ...given(query), after, limit }),
    before: (query, limit) => start.get({ ...given(query), limit })?.seq ?? 0,
    head: () => head.get(),
    first: () => first.get(),
    newest: (kind) => newest.get(kind),
    rowProblems: (limit) => findRowProblems(db, limit),
    atOnce: (work) => db.transaction(work)(),
    close: () => void db.close(),
  };
}

type EventColumns = [number, number, StoredEvent["kind"], string | null, string, string, string];

/** Rows as lists are read in less time than as objects. */
function toEvent([seq, at, kind, request, data, prev, hash]: EventColumns): StoredEvent {
  return { seq, at, kind, request, data, prev, hash };
}

function isEmpty(query: EventQuery): boolean {
  return Object.values(query).every((value) => value === undefined);
}

function given({ kind, requestId, since, until, project, status, phones }: EventQuery) {
  return {
    kind: kind ?? null,
    requestId: requestId ?? null,
    since: since ?? null,
    until: until ?? null,
    project: project ?? null,
    status: status ?? null,
    phones: phones === undefined ? null : JSON.stringify(phones),
  };
}
