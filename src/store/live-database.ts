// The database in use. Its files can be removed or replaced while the server runs (rm, git clean, a backup moved over it):
// SQLite would go on with files that nobody finds again. Before each use it is looked at, and opened anew where it must be. A file that
// was only touched, or written to by SQLite for somebody else, is looked into, and gone on with where it is what this server has written.
import { realpathSync } from "node:fs";
import { ConfigError } from "../domain/errors.ts";
import type { EventOptions } from "./events.ts";
import { type FileStamp, fileId, stampOf } from "./file-stamp.ts";
import { keepLog } from "./kept-log.ts";
import { copyIntoFile, emptyLog, type OpenFile, openFile, shut, takeUpAgain } from "./open-file.ts";
import { lockForServer, type ServerLock } from "./server-lock.ts";

export interface StoreOptions extends EventOptions {
  /** Whether it is the one server of this database. Without, it is a look beside a server that may run. */
  readonly isServer?: boolean | undefined;
  /** The file was lost. @param problem why there is no other yet; undefined once a new one is open */
  readonly onReplaced?: ((problem: string | undefined) => void) | undefined;
  /** Something about the files that an operator should read, and that ends nothing. @param words a clause, without a secret */
  readonly onFiles?: ((facts: Readonly<Record<string, unknown>>, words: string) => void) | undefined;
}

export interface LiveDatabase {
  /** @throws when there is none @returns `isNew` where this call had to open another file than the one before */
  use(): OpenFile & { readonly isNew: boolean };
  /** Right after a write. @throws when it went into a file that nobody finds again */
  confirm(): void;
  /** Tells that the main file was just written to, by the server itself. @param isWhole whether all of the log is in it now */
  written(isWhole: boolean): void;
  close(): void;
}

const LOST = "the database file was removed, replaced or changed by something else";

/** @throws ConfigError when it cannot be opened, or another server has it */
export function openLiveDatabase(path: string, options: StoreOptions): LiveDatabase {
  const { isServer = false, onReplaced = () => {}, onFiles = () => {}, now: clock = Date.now } = options;
  let lock: ServerLock | undefined;
  let file: OpenFile | undefined;
  let real = path;
  let stamp: FileStamp;
  let problem: string | undefined;
  /** Why the file is not this server's any longer, though it is the same one: to go on would mix two databases. */
  let spoilt: string | undefined;
  /** The hash of an entry that is in the main file itself. */
  let anchor: string | undefined;
  let isClosed = false;

  function open(): OpenFile {
    if (isServer) lock ??= lockForServer(path);
    try {
      file = openFile(path, options, isServer);
      real = realpathSync(path);
      // From the first moment on there is something in it that it can be known by.
      anchor = isServer && isEmptied(file) ? file.endedWith : undefined;
      stamp = look();
      return file;
    } catch (error) {
      unlock();
      throw error;
    }
  }

  function isEmptied(opened: OpenFile): boolean {
    try {
      return emptyLog(opened);
    } catch {
      // A disk that is full: the next write says so.
      return false;
    }
  }

  function unlock(): void {
    lock?.release();
    lock = undefined;
  }

  function look(): FileStamp {
    return stampOf(path, real, lock?.file);
  }

  function hasSameFiles(now: FileStamp): boolean {
    const keys = isServer ? (["main", "wal", "shm", "lock"] as const) : (["main", "wal"] as const);
    return keys.every((key) => now[key] === stamp[key]);
  }

  const isWritten = (now: FileStamp) => isServer && now.written !== stamp.written;
  /** What others write through SQLite is added to the log; in place, or shorter, it is something else's doing. */
  const isLogTouched = ({ walSize, walTime }: FileStamp) =>
    walSize < stamp.walSize || (walSize > 0 && walSize === stamp.walSize && walTime !== stamp.walTime);
  const isTouched = (now: FileStamp) => isWritten(now) || (isServer && isLogTouched(now));

  /** Looks into a file that was touched. @returns whether there is one to go on with; then it is `file` */
  function isGoodYet(now: FileStamp): boolean {
    if (file === undefined || !hasSameFiles(now) || spoilt !== undefined) return false;
    if (!isTouched(now)) return true;
    let seen = now;
    const found = takeUpAgain(path, file, anchor, options, () => {
      seen = look();
    });
    if (typeof found === "string") {
      spoilt = found;
      return false;
    }
    file = found;
    // What has changed since is looked into once more.
    stamp = hasSameFiles(seen) ? seen : now;
    onFiles(
      {},
      "the database file was read or touched by something else, and is still what this server has written",
    );
    return true;
  }

  /** Leaves the old file. What stands in its place must not get the old one's log applied to it, nor lose its own. */
  function leave(now: FileStamp): void {
    const old = file;
    file = undefined;
    if (old === undefined) return;
    const isSameFile = isServer && now.main === stamp.main;
    if (isSameFile && isWritten(now)) spoilt ??= "its files beside it were changed, too";
    if (isSameFile && now.wal !== undefined && now.wal !== stamp.wal)
      spoilt ??= "its write-ahead log was exchanged";
    if (spoilt !== undefined) {
      // Not closed: that would write the old log over it.
      const kept = now.wal === stamp.wal ? keepOldLog() : undefined;
      const rest = kept === undefined ? "" : ` What was written last is in ${kept}`;
      problem = `${LOST} while it was in use, because ${spoilt}: stop the server, look at ${path}, and start it again.${rest}`;
    } else {
      // Where the old file is still there, under its own name, its log is its own.
      const isOld = fileId(real) === stamp.main;
      if (isServer && !isOld && now.wal === stamp.wal) keepOldLog();
      if (!isOld || now.wal === undefined) copyIntoFile(old);
      if (now.wal === undefined || now.wal === stamp.wal) shut(old);
    }
    if (now.lock !== stamp.lock) unlock();
  }

  function keepOldLog(): string | undefined {
    const kept = keepLog(real, clock());
    if (kept !== undefined) onFiles({ kept }, "the database's write-ahead log was kept under another name");
    return kept;
  }

  function reopen(): OpenFile {
    if (spoilt !== undefined) throw new Error(problem);
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
        if (isGoodYet(now)) return { ...file, isNew: false };
        leave(now);
        if (spoilt !== undefined) onReplaced(problem);
      }
      return { ...reopen(), isNew: true };
    },
    confirm() {
      const now = look();
      if (!isGoodYet(now)) throw new Error(LOST);
      stamp = { ...stamp, walSize: now.walSize, walTime: now.walTime };
    },
    written(isWhole) {
      const { written, walSize, walTime } = look();
      stamp = { ...stamp, written, walSize, walTime };
      if (isWhole) anchor = file?.events.known()?.hash ?? file?.endedWith;
    },
    close() {
      isClosed = true;
      const now = look();
      if (file !== undefined && !isGoodYet(now)) leave(now);
      if (file !== undefined) shut(file);
      file = undefined;
      unlock();
    },
  };
}
