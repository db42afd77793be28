// Whether a file that something else has touched is still the record that this server has written: read whole, through a connection that
// knows nothing of it yet. Changes nothing.
import { fstatSync, readSync } from "node:fs";
import type Database from "better-sqlite3";
import { GENESIS, hashOf, isSealedHead, type LogHead, type StoredEvent } from "../core/event-chain.ts";
import { changedRequest } from "./compare-rows.ts";
import { MIGRATIONS } from "./migrations.ts";
import { keep } from "./open-database.ts";

/** Entries that are read at once. */
const PAGE = 2_000;

type Columns = [number, number, StoredEvent["kind"], string | null, string, string, string];

interface Head extends LogHead {
  readonly seal: string;
  readonly purged: number;
}

/** Where SQLite's header says which journal a file has, and that it is this one's. */
const JOURNAL_AT = 18;
const WAL = 2;
const CHUNK = 1024 * 1024;

/**
 * The file without its log: an older copy of it, or another database, would be hidden behind what the log has of newer pages.
 * @param fd of the main file: it must not be closed while SQLite has that file open, or its locks are gone
 * @param anchor the hash of an entry that was brought into the file; undefined where none was yet
 * @returns as `foreignBecause`
 */
export function overwrittenBecause(fd: number, anchor: string | undefined): string | undefined {
  const header = Buffer.alloc(100);
  readSync(fd, header, 0, header.length, 0);
  if (header[JOURNAL_AT] !== WAL || header[JOURNAL_AT + 1] !== WAL) return "another file was written over it";
  if (anchor === undefined) return "nothing was brought into it yet that it could be known by";
  const { size } = fstatSync(fd);
  const chunk = Buffer.alloc(CHUNK + anchor.length);
  for (let at = 0; at < size; at += CHUNK) {
    const length = readSync(fd, chunk, 0, chunk.length, at);
    if (chunk.subarray(0, length).includes(anchor, 0, "latin1")) return undefined;
  }
  return "another file, or an older copy, was written over it";
}

/**
 * @param known the last entry that this server knows of; undefined where it has written none
 * @param secrets what the head is sealed with
 * @returns what is wrong, behind "because"; undefined where nothing is
 */
export function foreignBecause(
  db: Database.Database,
  known: LogHead | undefined,
  secrets: readonly string[],
): string | undefined {
  try {
    return db.transaction(() => damageOf(db) ?? logProblem(db, known, secrets) ?? rowProblem(db))();
  } catch (error) {
    return `it cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function damageOf(db: Database.Database): string | undefined {
  const one = <T>(sql: string) => keep(db.prepare<[], T>(sql).pluck()).get();
  if (one<number>("PRAGMA user_version") !== MIGRATIONS.length) return "it has another schema";
  if (one<string>("PRAGMA journal_mode") !== "wal") return "it is another file";
  const damage = one<string>("PRAGMA integrity_check(1)");
  return damage === "ok" ? undefined : `it is damaged (${String(damage).replaceAll(/\s+/g, " ")})`;
}

/** What SQLite does not see: other bytes within a long text. A row that is gone may be its owner's doing. */
function rowProblem(db: Database.Database): string | undefined {
  const id = changedRequest(db);
  return id === undefined ? undefined : `its request ${id} is not as it was asked`;
}

function logProblem(
  db: Database.Database,
  known: LogHead | undefined,
  secrets: readonly string[],
): string | undefined {
  const head = keep(db.prepare<[], Head>("SELECT seq, hash, seal, purged FROM event_head")).get();
  if (head === undefined) return "the head of its event log is gone";
  const page = keep(
    db.prepare<[number, number], Columns>(
      "SELECT seq, at, kind, request, data, prev, hash FROM events WHERE seq > ? ORDER BY seq LIMIT ?",
    ),
  ).raw();
  let last: LogHead | undefined;
  let isKnown = known === undefined || known.seq <= head.purged;
  let problem: string | undefined;
  for (let rows = page.all(0, PAGE); rows.length > 0; rows = page.all(last?.seq ?? 0, PAGE)) {
    for (const [seq, at, kind, request, data, prev, hash] of rows) {
      last ??= beginning(seq, prev, head.purged);
      const isNext = seq === last.seq + 1 && prev === last.hash;
      if (!isNext || hashOf({ seq, at, kind, request, data, prev }) !== hash)
        problem ??= `entry ${seq} of its event log was changed, or does not follow the one before it`;
      // What is wrong before it was found and told then, and the server went on.
      else if (kind === "broken") problem = undefined;
      if (seq === known?.seq && hash === known.hash) isKnown = true;
      last = { seq, hash };
    }
  }
  if (problem !== undefined) return problem;
  if (!isKnown) return `its event log does not have entry ${known?.seq}, which was written last`;
  if ((last?.seq ?? 0) !== head.seq || (last !== undefined && last.hash !== head.hash))
    return "its event log does not end where its head says";
  const isSealed = secrets.length === 0 ? head.seal === "" : isSealedHead(secrets, head, head.seal);
  return isSealed || head.seq === 0 ? undefined : "the seal of its event log is not this server's";
}

/** What the first entry that is there has to follow. */
function beginning(seq: number, prev: string, purged: number): LogHead {
  // A purge that was broken off has named entries that are still there.
  return seq > 1 && seq <= purged + 1 ? { seq: seq - 1, hash: prev } : { seq: 0, hash: GENESIS };
}
