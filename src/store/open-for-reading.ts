// Opens the database beside the server, or without one: read-only, and nothing in it is changed, its schema least of all.
import { existsSync } from "node:fs";
import type Database from "better-sqlite3";
import { ConfigError } from "../domain/errors.ts";
import { driverProblem } from "./driver-problem.ts";
import { MIGRATIONS } from "./migrations.ts";
import { BUSY_TIMEOUT_MS, connect, keep, toConfigError } from "./open-database.ts";
import { openProblem } from "./open-problem.ts";

/** A database that somebody has named for this one reading: what the settings say of theirs is no advice. */
export interface NamedFile {
  /** What named it: `--file`. */
  readonly by: string;
}

/**
 * @param create makes the reader; it closes the database
 * @throws ConfigError when it is not there, cannot be read, or is of another version
 */
export function openForReading<T>(path: string, create: (db: Database.Database) => T, named?: NamedFile): T {
  // SQLite's own words would be about the files beside it.
  if (!existsSync(path))
    throw new ConfigError([
      named === undefined
        ? `APPROVAL_DB: ${path} does not exist: the server makes it when it first starts.`
        : `${named.by}: ${path} does not exist.`,
    ]);
  try {
    const db = connect(path, BUSY_TIMEOUT_MS, { isReader: true });
    try {
      const version = keep(db.prepare<[], number>("PRAGMA user_version").pluck()).get() ?? 0;
      if (version !== MIGRATIONS.length) {
        const which = version > MIGRATIONS.length ? "a newer version" : "an earlier version";
        throw new ConfigError([
          named === undefined
            ? `APPROVAL_DB: ${path} was written by ${which}: start the server to read it.`
            : `${named.by}: ${path} was written by ${which}, and can be read by that one only.`,
        ]);
      }
      return create(db);
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    if (named === undefined || error instanceof ConfigError || driverProblem(error) !== undefined)
      throw toConfigError(path, error);
    throw new ConfigError([`${named.by}: ${path} ${openProblem(error).what}.`]);
  }
}
