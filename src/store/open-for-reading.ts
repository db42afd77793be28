// Opens the database beside the server, or without one: read-only, and nothing in it is changed, its schema least of all.
import { existsSync } from "node:fs";
import type Database from "better-sqlite3";
import { ConfigError } from "../domain/errors.ts";
import { MIGRATIONS } from "./migrations.ts";
import { BUSY_TIMEOUT_MS, connect, keep, toConfigError } from "./open-database.ts";

/**
 * @param create makes the reader; it closes the database
 * @throws ConfigError when it is not there, cannot be read, or is of another version
 */
export function openForReading<T>(path: string, create: (db: Database.Database) => T): T {
  // SQLite's own words would be about the files beside it.
  if (!existsSync(path))
    throw new ConfigError([`APPROVAL_DB: ${path} does not exist: the server makes it when it first starts.`]);
  try {
    const db = connect(path, BUSY_TIMEOUT_MS, { isReader: true });
    try {
      const version = keep(db.prepare<[], number>("PRAGMA user_version").pluck()).get() ?? 0;
      if (version !== MIGRATIONS.length) {
        const which = version > MIGRATIONS.length ? "a newer version" : "an earlier version";
        throw new ConfigError([`APPROVAL_DB: ${path} was written by ${which}: start the server to read it.`]);
      }
      return create(db);
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    throw toConfigError(path, error);
  }
}
