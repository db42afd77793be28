// A database file in use: its connection with all that was prepared on it. Opened; taken up once more after something else has touched
// the file, where it is still what this server has written; shut.
import { closeSync, openSync } from "node:fs";
import type Database from "better-sqlite3";
import { beginLog } from "./event-beginning.ts";
import { createEventWriter, type EventOptions, type EventWriter } from "./events.ts";
import { BUSY_TIMEOUT_MS, connect, keep, openDatabase, prepareConnection } from "./open-database.ts";
import { prepareStatements } from "./statements.ts";
import { foreignBecause, overwrittenBecause } from "./still-ours.ts";

export interface OpenFile {
  readonly db: Database.Database;
  readonly sql: ReturnType<typeof prepareStatements>;
  readonly events: EventWriter;
  /** Of the main file, for a server. Closed after the database only: closing it takes SQLite's locks away. */
  readonly fd: number | undefined;
  /** The hash that the event log ended with when it was opened. */
  readonly endedWith: string | undefined;
}

/** @throws ConfigError */
export function openFile(path: string, options: EventOptions, isServer: boolean): OpenFile {
  const db = openDatabase(path);
  const events = createEventWriter(db, options);
  beginLog(db, events);
  const endedWith = keep(db.prepare<[], string>("SELECT hash FROM event_head").pluck()).get();
  const fd = isServer ? openSync(path, "r") : undefined;
  return { db, sql: prepareStatements(db), events, fd, endedWith };
}

/**
 * Reads the whole of a file that something else has touched, and changes nothing in it. Never throws.
 * @param anchor the hash of an entry that is in the main file itself
 * @param onConnected called before it is read: as root SQLite sets the log's owner when it opens it, which changes its time
 * @returns the same file through a new connection, the old one closed; or why it is not to be gone on with
 */
export function takeUpAgain(
  path: string,
  old: OpenFile,
  anchor: string | undefined,
  options: EventOptions,
  onConnected: () => void = () => {},
): OpenFile | string {
  const { fd, endedWith } = old;
  const overwritten = () => (fd === undefined ? undefined : overwrittenBecause(fd, anchor));
  let db: Database.Database | undefined;
  try {
    // Before SQLite looks at it: beside a file that is empty it would remove the log.
    const before = overwritten();
    if (before !== undefined) return before;
    const known = old.events.known();
    db = connect(path, BUSY_TIMEOUT_MS);
    keep(db.prepare("SELECT seq FROM event_head")).get();
    onConnected();
    const foreign = overwritten() ?? foreignBecause(db, known, options.secrets ?? []);
    if (foreign === undefined) {
      prepareConnection(db);
      // What the old connection remembers of the file may be of before.
      const events = createEventWriter(db, options, known);
      const file = { db, sql: prepareStatements(db), events, fd, endedWith };
      old.db.close();
      return file;
    }
    db.close();
    return foreign;
  } catch (error) {
    db?.close();
    return `it cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Brings all of the log into the file, where nobody reads it now. @returns whether it did @throws where that cannot be written */
export function emptyLog({ db, sql }: Pick<OpenFile, "db" | "sql">): boolean {
  db.exec("PRAGMA busy_timeout = 0");
  try {
    return sql.emptyLog.get()?.busy === 0;
  } finally {
    db.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  }
}

/** Brings what was written last into the file, wherever that is now. Never throws. */
export function copyIntoFile({ sql }: OpenFile): void {
  try {
    sql.copyLog.get();
  } catch {
    // Its disk may be full, or gone.
  }
}

export function shut({ db, fd }: OpenFile): void {
  db.close();
  if (fd !== undefined) closeSync(fd);
}
