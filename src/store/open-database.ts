// Opens the SQLite file so that only its owner can read it and that a commit survives a power cut. Imports the driver.
import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  statSync,
} from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3";
import { ConfigError } from "../domain/errors.ts";
import { driverProblem } from "./driver-problem.ts";
import { MIGRATIONS } from "./migrations.ts";
import { openProblem } from "./open-problem.ts";

/** How long a write waits for another process that holds the file, ms. Blocks the event loop, so: short. */
export const BUSY_TIMEOUT_MS = 1_000;

/**
 * What the driver makes must never be collected: built for Node 24.19 or later, better-sqlite3 12 ends the process when
 * a statement or a database is (nodejs/node#65446). So everything is made once, through here, and `pragma` is not used.
 */
const kept: object[] = [];

/** @returns `thing`, which now lives as long as the process. */
export function keep<T extends object>(thing: T): T {
  kept.push(thing);
  return thing;
}

/** A connection to a file that is there. @param busyTimeoutMs how long it waits for another process. @throws ConfigError when the driver does not load */
export function connect(
  path: string,
  busyTimeoutMs: number,
  { isReader = false }: { readonly isReader?: boolean } = {},
): Database.Database {
  refuseOddFile(path);
  try {
    return keep(new Database(path, { timeout: busyTimeoutMs, readonly: isReader, fileMustExist: isReader }));
  } catch (error) {
    // Whoever opens one looks at the errors of SQLite; this one is of the driver.
    throw driverProblem(error) === undefined ? error : toConfigError(path, error);
  }
}

/**
 * Opens or creates the database and brings its schema up to date.
 * @throws ConfigError when the file cannot be opened, or was written by a newer version.
 */
export function openDatabase(path: string): Database.Database {
  prepareFile(path);
  try {
    const db = connect(path, BUSY_TIMEOUT_MS);
    try {
      db.exec("PRAGMA journal_mode = WAL");
      prepareConnection(db);
      migrate(db, path);
    } catch (error) {
      db.close();
      throw error;
    }
    return db;
  } catch (error) {
    throw toConfigError(path, error);
  }
}

/** What a connection that writes needs; changes nothing in the file. */
export function prepareConnection(db: Database.Database): void {
  db.exec("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON");
  // What is masked after a decision must not stay readable in the free space of the file.
  db.exec("PRAGMA secure_delete = ON");
  // Done by the store, when nobody waits for it.
  db.exec("PRAGMA wal_autocheckpoint = 0");
}

/** Makes the file and its folder, where they are missing. @throws ConfigError */
export function prepareFile(path: string): void {
  try {
    // The folder is made private only when it is made here; a folder that exists is its owner's business.
    makeFolders(dirname(path));
    makePrivate(path);
  } catch (error) {
    throw toConfigError(path, error);
  }
}

/** One at a time: where a file system answers that a folder's own folder is missing (/proc), Node's `recursive` never ends. */
function makeFolders(folder: string): void {
  if (existsSync(folder)) return;
  makeFolders(dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another process was faster.
    if (!existsSync(folder)) throw error;
  }
}

/** @param path what the operator has configured */
export function toConfigError(path: string, error: unknown): ConfigError {
  if (error instanceof ConfigError) return error;
  const driver = driverProblem(error);
  if (driver !== undefined) return new ConfigError([driver]);
  const { what, advice } = openProblem(error);
  return new ConfigError([`APPROVAL_DB: ${path} ${what}. ${advice}`]);
}

/**
 * Makes the file, where there is none, and its owner's alone; SQLite gives -wal and -shm its mode. A file that is there is
 * never opened here: closing it again would take every lock on it from this process.
 */
function makePrivate(path: string): void {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) closeSync(openSync(path, "a", 0o600));
  refuseOddFile(path);
  accessSync(path, constants.R_OK | constants.W_OK);
  // A server that is refused must not touch the file of the one that runs.
  if (stats === undefined || (stats.mode & 0o777) !== 0o600) chmodSync(path, 0o600);
}

/** Opening a pipe would wait for its other end, without end; a folder is a disk error to SQLite. */
function refuseOddFile(path: string): void {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined || stats.isFile()) return;
  const code = stats.isDirectory() ? "EISDIR" : "ENOTFILE";
  throw Object.assign(new Error(`${code}: not a file`), { code });
}

function migrate(db: Database.Database, path: string): void {
  const upgrade = db.transaction(() => {
    const version = keep(db.prepare<[], number>("PRAGMA user_version").pluck()).get() ?? 0;
    if (version > MIGRATIONS.length) {
      throw newerSchema(path, version);
    }
    for (const migration of MIGRATIONS.slice(version)) db.exec(migration);
    db.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
  });
  upgrade.immediate();
}

/** @param version the schema's version in the file */
export function newerSchema(path: string, version: number): ConfigError {
  return new ConfigError([
    `APPROVAL_DB: ${path} was written by a newer version (schema ${version}, this one knows ${MIGRATIONS.length}). ` +
      "Update the approval server, or choose another file.",
  ]);
}
