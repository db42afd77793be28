// Which files a database was opened from, so that a removed or replaced one is noticed before anything is approved on it.
import { statSync } from "node:fs";
import { COMPANION } from "../domain/companions.ts";

/** The files of an open database, each as device and inode; undefined where there is none. */
export interface FileStamp {
  readonly main: string | undefined;
  readonly wal: string | undefined;
  readonly shm: string | undefined;
  readonly lock: string | undefined;
  /** When the main file was changed last and how long it is: only a checkpoint of ours does that without being looked into. */
  readonly written: string | undefined;
  /** How long the write-ahead log is, bytes: it gets shorter by a checkpoint only. */
  readonly walSize: number;
  /** When it was last written to: by others, it gets longer with that. */
  readonly walTime: string;
}

/** @param real the file itself, links resolved: SQLite names its other files after that */
export function stampOf(path: string, real: string, lock: string | undefined): FileStamp {
  const main = look(path);
  const wal = look(real + COMPANION.log);
  return {
    main: idOf(main),
    wal: idOf(wal),
    shm: idOf(look(real + COMPANION.index)),
    lock: lock === undefined ? undefined : idOf(look(lock)),
    // The time of writing can be set back by whoever has written; that of the last change cannot.
    written: main === undefined ? undefined : `${main.mtimeNs}:${main.ctimeNs}:${main.size}`,
    walSize: Number(wal?.size ?? 0),
    walTime: `${wal?.mtimeNs}:${wal?.ctimeNs}`,
  };
}

/** @returns device and inode; undefined where there is nothing */
export function fileId(path: string): string | undefined {
  return idOf(look(path));
}

function look(path: string) {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false });
  } catch {
    // What cannot be looked at, its folder locked or no folder any longer, is not the file that was opened.
    return undefined;
  }
}

function idOf(stats: ReturnType<typeof look>): string | undefined {
  return stats === undefined ? undefined : `${stats.dev}:${stats.ino}`;
}
