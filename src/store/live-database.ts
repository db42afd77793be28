// The database in use. Its files can be removed or replaced while the server runs (rm, git clean, a backup moved over it):
// SQLite would go on with files that nobody finds again. Before each use it is looked at, and opened anew where it must be.
import { realpathSync, rmSync } from "node:fs";
import type Database from "better-sqlite3";
import { ConfigError } from "../domain/errors.ts";
import { beginLog } from "./event-beginning.ts";
import { createEventWriter, type EventOptions, type EventWriter } from "./events.ts";
import { type FileStamp, stampOf } from "./file-stamp.ts";
import { openDatabase } from "./open-database.ts";
import { lockForServer, type ServerLock } from "./server-lock.ts";
import { prepareStatements } from "./statements.ts";

export interface StoreOptions extends EventOptions {
  /** Whether it is the one server of this database. Without, it is a look beside a server that may run. */
  readonly isServer?: boolean | undefined;
  /** The file was lost. @param problem why there is no other yet; undefined once a new one is open */
  readonly onReplaced?: ((problem: string | undefined) => void) | undefined;
}

interface OpenFile {
  readonly db: Database.Database;
  readonly sql: ReturnType<typeof prepareStatements>;
  readonly events: EventWriter;
}

export interface LiveDatabase {
  /** @throws when there is none @returns `isNew` where this call had to open another file than the one before */
  use(): OpenFile & { readonly isNew: boolean };
  /** Right after a write. @throws when it went into a file that nobody finds again */
  confirm(): void;
  /** Tells that the main file was just written to, by the server itself. */
  written(): void;
  close(): void;
}

const LOST = "the database file was removed, replaced or changed by something else";

/** @throws ConfigError when it cannot be opened, or another server has it */
export function openLiveDatabase(path: string, options: StoreOptions): LiveDatabase {
  const { isServer = false, onReplaced = () => {} } = options;
  let lock: ServerLock | undefined;
  let file: OpenFile | undefined;
  let real = path;
  let stamp: FileStamp;
  let problem: string | undefined;
  /** Something wrote over the file in place: to go on would mix two databases. */
  let isSpoilt = false;
  let isClosed = false;

  function open(): OpenFile {
    if (isServer) lock ??= lockForServer(path);
    try {
      const db = openDatabase(path);
      real = realpathSync(path);
      stamp = look();
      const events = createEventWriter(db, options);
      beginLog(db, events);
      file = { db, sql: prepareStatements(db), events };
      return file;
    } catch (error) {
      unlock();
      throw error;
    }
  }

  function unlock(): void {
    lock?.release();
    lock = undefined;
  }

  function look(): FileStamp {
    return stampOf(path, real, lock?.file);
  }

  function isSame(now: FileStamp): boolean {
    const keys = isServer ? (["main", "wal", "shm", "lock", "written"] as const) : (["main", "wal"] as const);
    return keys.every((key) => now[key] === stamp[key]);
  }

  /** The log under its name, where it is the old one's. */
  function removeLog(now: FileStamp): void {
    for (const [suffix, key] of [
      ["-wal", "wal"],
      ["-shm", "shm"],
    ] as const) {
      if (now[key] === stamp[key]) rmSync(real + suffix, { force: true });
    }
  }

  /** Leaves the old file. What stands in its place must not get the old one's log applied to it, nor lose its own. */
  function leave(now: FileStamp): void {
    const old = file;
    file = undefined;
    if (isServer && now.main === stamp.main && now.written !== stamp.written) {
      isSpoilt = true;
      problem = `${LOST} while it was in use: stop the server, look at ${path}, and start it again`;
      removeLog(now);
      // Not closed: that would write the old log over it.
    } else if (now.wal === undefined || now.wal === stamp.wal) {
      old?.db.close();
      // SQLite leaves it there where another file has been moved over the old one.
      removeLog(look());
    }
    if (now.lock !== stamp.lock) unlock();
  }

  function reopen(): OpenFile {
    if (isSpoilt) throw new Error(problem);
    try {
      const opened = open();
      problem = undefined;
      onReplaced(undefined);
      return opened;
    } catch (error) {
      const isFirst = problem === undefined;
      problem = error instanceof ConfigError ? error.message : String(error);
      if (isFirst) onReplaced(problem);
      throw error;
    }
  }

  open();
  return {
    use() {
      if (isClosed) throw new Error("the database is closed");
      if (file !== undefined) {
        const now = look();
        if (isSame(now)) return { ...file, isNew: false };
        leave(now);
        if (isSpoilt) onReplaced(problem);
      }
      return { ...reopen(), isNew: true };
    },
    confirm() {
      if (!isSame(look())) throw new Error(LOST);
    },
    written() {
      stamp = { ...stamp, written: look().written };
    },
    close() {
      isClosed = true;
      const now = look();
      if (file !== undefined && !isSame(now)) leave(now);
      file?.db.close();
      file = undefined;
      unlock();
    },
  };
}
