// Opens the SQLite file so that only its owner can read it and that a commit survives a power cut. Imports the driver.
import { chmodSync, closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3";
import { ConfigError } from "../domain/errors.ts";
import { MIGRATIONS } from "./migrations.ts";

/** How long a write waits for another process that holds the file, ms. Blocks the event loop, so: short. */
const BUSY_TIMEOUT_MS = 1_000;

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

/**
 * Opens or creates the database and brings its schema up to date.
 * @throws ConfigError when the file cannot be opened, or was written by a newer version.
 */
export function openDatabase(path: string): Database.Database {
  try {
    // The folder is made private only when it is made here; a folder that exists is its owner's business.
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // SQLite gives -wal and -shm the mode of the main file.
    closeSync(openSync(path, "a", 0o600));
    chmodSync(path, 0o600);
    const db = keep(new Database(path, { timeout: BUSY_TIMEOUT_MS }));
    try {
      db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
      // What is masked after a decision must not stay readable in the free space of the file.
      db.exec("PRAGMA secure_delete = ON");
      migrate(db, path);
    } catch (error) {
      db.close();
      throw error;
    }
    return db;
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const cause = error instanceof Error ? error.message : String(error);
    throw new ConfigError([
      `APPROVAL_DB: ${path} cannot be opened (${cause}). Choose a file in a folder you can write to.`,
    ]);
  }
}

function migrate(db: Database.Database, path: string): void {
  const upgrade = db.transaction(() => {
    const version = keep(db.prepare<[], number>("PRAGMA user_version").pluck()).get() ?? 0;
    if (version > MIGRATIONS.length) {
      throw new ConfigError([
        `APPROVAL_DB: ${path} was written by a newer version (schema ${version}, this one knows ${MIGRATIONS.length}). ` +
          "Update the approval server, or choose another file.",
      ]);
    }
    for (const migration of MIGRATIONS.slice(version)) db.exec(migration);
    db.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
  });
  upgrade.immediate();
}
