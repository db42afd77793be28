// Work on the record beside the server, or without it: a purge, and a copy. Migrates nothing, and leaves the write-ahead log to the
// server where one runs.
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import type Database from "better-sqlite3";
import { isSealedHead, SEAL_SECRET } from "../core/event-chain.ts";
import type { NewEvent, PurgeResult } from "../core/ports/event-log.ts";
import { ConfigError } from "../domain/errors.ts";
import { createEventWriter, type EventOptions } from "./events.ts";
import { MIGRATIONS } from "./migrations.ts";
import { countOldFiles, removeOldFiles } from "./old-files.ts";
import { connect, keep, toConfigError } from "./open-database.ts";
import { plainProblem } from "./open-problem.ts";
import { createPurge } from "./purge.ts";
import type { PurgeLimits } from "./purge-statements.ts";
import { lockHolder } from "./server-lock.ts";

/** How long one step waits for the server, ms. */
const BUSY_MS = 10_000;

export interface Maintenance {
  /** What a purge would remove. */
  plan(limits: PurgeLimits): PurgeResult;
  /** @param pause between two steps, so that a server gets its turn */
  purge(limits: PurgeLimits, pause: () => Promise<void>): Promise<PurgeResult>;
  note(event: NewEvent): void;
  close(): void;
}

/** @throws ConfigError when it is not there, is of another version, or would be written to otherwise than its server does */
export function openMaintenance(path: string, options: EventOptions): Maintenance {
  if (!existsSync(path)) throw new ConfigError([`APPROVAL_DB: ${path} does not exist.`]);
  let db: Database.Database | undefined;
  try {
    db = connect(path, BUSY_MS);
    const version = keep(db.prepare<[], number>("PRAGMA user_version").pluck()).get() ?? 0;
    if (version !== MIGRATIONS.length)
      throw new ConfigError([`APPROVAL_DB: ${path} was written by another version: start the server first.`]);
    db.exec("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON");
    db.exec("PRAGMA wal_autocheckpoint = 0");
    checkSeal(db, path, options.secrets ?? []);
    return maintenanceOf(db, path, options);
  } catch (error) {
    db?.close();
    throw toConfigError(path, error);
  }
}

function maintenanceOf(db: Database.Database, path: string, options: EventOptions): Maintenance {
  const events = createEventWriter(db, options);
  return {
    plan(limits) {
      const { removed } = db.transaction(() => createPurge(db, limits).plan())();
      return { removed: { ...removed, ...countOldFiles(db, limits.before) } };
    },
    async purge(limits, pause) {
      const purge = createPurge(db, limits);
      for (;;) {
        const { isLast, keep: count } = db.transaction(() => purge.step(events)).immediate();
        count();
        if (isLast) break;
        await pause();
      }
      return { removed: { ...purge.result().removed, ...removeOldFiles(db, limits.before) } };
    },
    note: (event) => void db.transaction(() => events.append(event)).immediate(),
    close() {
      // A server empties the log itself: what else writes to the file, it takes for damage.
      if (lockHolder(path) === undefined) db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
      db.close();
    },
  };
}

/** What is sealed is only continued by whoever can seal it, and a running server's log only as it does it. */
function checkSeal(db: Database.Database, path: string, secrets: readonly string[]): void {
  const head = keep(
    db.prepare<[], { seq: number; hash: string; seal: string }>("SELECT seq, hash, seal FROM event_head"),
  ).get();
  if (head === undefined || head.seq === 0) return;
  const isSealed = head.seal !== "";
  const fits = isSealed ? isSealedHead(secrets, head, head.seal) : secrets.length === 0;
  if (fits || (!isSealed && lockHolder(path) === undefined)) return;
  throw new ConfigError([
    `The event log of ${path} is not sealed with the ${SEAL_SECRET} of these settings: use those of its server.`,
  ]);
}

/**
 * Copies the database as it is at one moment, whatever is written meanwhile, and without what was deleted in it.
 * @param verify looks at the copy before it gets its name @throws ConfigError where the file is there already
 */
export function copyDatabase(path: string, target: string, verify: (copy: string) => void): void {
  if (!existsSync(path)) throw new ConfigError([`APPROVAL_DB: ${path} does not exist.`]);
  const part = `${target}.part`;
  const made: string[] = [];
  try {
    for (const file of [target, part]) {
      closeSync(openSync(file, "wx", 0o600));
      made.push(file);
    }
    const db = openSource(path);
    try {
      keep(db.prepare<[string]>("VACUUM INTO ?")).run(part);
    } finally {
      db.close();
    }
    checkIntegrity(part);
    verify(part);
    sync(part);
    renameSync(part, target);
    made.length = 0;
    sync(dirname(target));
  } catch (error) {
    for (const file of made) rmSync(file, { force: true });
    if (error instanceof Error && "code" in error && error.code === "EEXIST")
      throw new ConfigError([
        `${made.includes(target) ? part : target} exists already: choose another file.`,
      ]);
    const why = plainProblem(error);
    throw why === undefined ? error : new ConfigError([`${target} cannot be written: ${why}.`]);
  }
}

/** What is wrong with it is not said of the copy. */
function openSource(path: string): Database.Database {
  try {
    return connect(path, BUSY_MS, { isReader: true });
  } catch (error) {
    throw toConfigError(path, error);
  }
}

function checkIntegrity(path: string): void {
  const db = connect(path, BUSY_MS, { isReader: true });
  try {
    const found = keep(db.prepare<[], string>("PRAGMA integrity_check(1)").pluck()).get();
    if (found !== "ok") throw new Error(`the copy is damaged: ${found}`);
  } finally {
    db.close();
  }
}

function sync(path: string): void {
  const file = openSync(path, "r");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
