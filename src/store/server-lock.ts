// Keeps a second server from the same database, whatever its ports. The lock is one of SQLite's, on a file of its own: the
// system releases it when the process ends, however it ends, and readers of the database are not in its way.
import { closeSync, existsSync, openSync, readSync, realpathSync, statSync } from "node:fs";
import { COMPANION } from "../domain/companions.ts";
import { ConfigError } from "../domain/errors.ts";
import { connect, keep, prepareFile, toConfigError } from "./open-database.ts";

/** Where SQLite's header has the number that a program may use as it likes, bytes. */
const USER_VERSION_AT = 60;

/** How every database of SQLite begins. */
const MAGIC = Buffer.from("SQLite format 3\0");

/** Locks of this process: the system does not keep a process from itself, and looking at its own lock would release it. */
const heldHere = new Set<string>();

export interface ServerLock {
  readonly file: string;
  release(): void;
}

/** Comes before anything else is done to the database. @throws ConfigError when another server has it */
export function lockForServer(path: string): ServerLock {
  refuseForeignFile(path);
  prepareFile(path);
  const file = realpathSync(path) + COMPANION.lock;
  if (heldHere.has(file)) throw inUse(path, process.pid);
  prepareFile(file);
  const lock = connect(file, 0);
  try {
    // In this mode the lock outlasts the transaction that takes it. No journal beside it.
    lock.exec("PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
    lock.exec(`PRAGMA user_version = ${process.pid}; COMMIT`);
  } catch (error) {
    lock.close();
    if (error instanceof Error && "code" in error && String(error.code).startsWith("SQLITE_BUSY")) {
      throw inUse(path, ownerOf(file));
    }
    throw toConfigError(file, error);
  }
  heldHere.add(file);
  return {
    file,
    release() {
      heldHere.delete(file);
      lock.close();
    },
  };
}

/**
 * Which process is the server of a database now, without taking the lock. It is asked for as a reader, for an instant.
 * @returns its number; `unknown` where the lock is held and holds none; undefined where no server has it, or it cannot be told
 */
export function lockHolder(path: string): number | "unknown" | undefined {
  let file: string;
  try {
    file = realpathSync(path) + COMPANION.lock;
    if (heldHere.has(file)) return process.pid;
    if (!existsSync(file)) return undefined;
    const lock = connect(file, 0);
    try {
      keep(lock.prepare("SELECT count(*) FROM sqlite_schema")).get();
      return undefined;
    } finally {
      lock.close();
    }
  } catch (error) {
    const isHeld = error instanceof Error && "code" in error && String(error.code).startsWith("SQLITE_BUSY");
    return isHeld ? (ownerOf(realpathSync(path) + COMPANION.lock) ?? "unknown") : undefined;
  }
}

/**
 * What is no database must stay as it is, its mode too, and get no lock beside it. One of this process is not looked at: closing
 * the file would take every lock on it.
 */
function refuseForeignFile(path: string): void {
  try {
    if (!statSync(path).isFile() || heldHere.has(realpathSync(path) + COMPANION.lock)) return;
    const start = Buffer.alloc(MAGIC.length);
    const fd = openSync(path, "r");
    try {
      // An empty file becomes a database.
      if (readSync(fd, start, 0, MAGIC.length, 0) === 0 || start.equals(MAGIC)) return;
    } finally {
      closeSync(fd);
    }
  } catch {
    // It is not there, or what prepares it says why it cannot be read.
    return;
  }
  throw toConfigError(path, Object.assign(new Error("file is not a database"), { code: "SQLITE_NOTADB" }));
}

function inUse(path: string, pid: number | undefined): ConfigError {
  const who = pid === undefined ? "another approval server" : `another approval server, process ${pid}`;
  return new ConfigError([
    `APPROVAL_DB: ${path} is in use by ${who}. Stop that one, or set APPROVAL_DB to another file.`,
  ]);
}

/** Which process wrote its number into the lock. Only for the words: the lock itself says whether it still runs. */
function ownerOf(file: string): number | undefined {
  const header = Buffer.alloc(USER_VERSION_AT + 4);
  try {
    const fd = openSync(file, "r");
    try {
      if (readSync(fd, header, 0, header.length, 0) < header.length) return undefined;
    } finally {
      closeSync(fd);
    }
  } catch {
    return undefined;
  }
  const pid = header.readUInt32BE(USER_VERSION_AT);
  return pid === 0 ? undefined : pid;
}
