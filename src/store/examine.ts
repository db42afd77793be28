// Looks at a database without changing it: whether the server could use it, and which server has it now.
import { accessSync, constants, statSync } from "node:fs";
import { ConfigError } from "../domain/errors.ts";
import { MIGRATIONS } from "./migrations.ts";
import { BUSY_TIMEOUT_MS, connect, keep, newerSchema, toConfigError } from "./open-database.ts";

/**
 * Reads the whole file for damage, and takes and leaves the right to write. Makes nothing, migrates nothing, and leaves the
 * file's mode alone; only what a crash has left in `-wal` may be brought in by SQLite, as at each opening.
 * @throws ConfigError when the server could not use it: locked, damaged, newer, not writable
 */
export function examineDatabase(path: string): void {
  try {
    const stats = statSync(path);
    if (!stats.isFile()) {
      const code = stats.isDirectory() ? "EISDIR" : "ENOTFILE";
      throw Object.assign(new Error(`${code}: not a file`), { code });
    }
    accessSync(path, constants.R_OK | constants.W_OK);
    const db = connect(path, BUSY_TIMEOUT_MS);
    try {
      const version = keep(db.prepare<[], number>("PRAGMA user_version").pluck()).get() ?? 0;
      if (version > MIGRATIONS.length) throw newerSchema(path, version);
      const damage = keep(db.prepare<[], string>("PRAGMA quick_check(1)").pluck()).get();
      if (damage !== "ok") throw Object.assign(new Error("quick_check failed"), { code: "SQLITE_CORRUPT" });
      db.exec("BEGIN IMMEDIATE; ROLLBACK");
    } finally {
      db.close();
    }
  } catch (error) {
    throw error instanceof ConfigError ? error : toConfigError(path, error);
  }
}
