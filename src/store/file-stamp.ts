// Which files a database was opened from, so that a removed or replaced one is noticed before anything is approved on it.
import { statSync } from "node:fs";

/** The files of an open database, each as device and inode; undefined where there is none. */
export interface FileStamp {
  readonly main: string | undefined;
  readonly wal: string | undefined;
  readonly shm: string | undefined;
  readonly lock: string | undefined;
  /** When the main file was written last and how long it is: only a checkpoint of ours changes that. */
  readonly written: string | undefined;
}

/** @param real the file itself, links resolved: SQLite names its other files after that */
export function stampOf(path: string, real: string, lock: string | undefined): FileStamp {
  const main = look(path);
  return {
    main: idOf(main),
    wal: idOf(look(`${real}-wal`)),
    shm: idOf(look(`${real}-shm`)),
    lock: lock === undefined ? undefined : idOf(look(lock)),
    written: main === undefined ? undefined : `${main.mtimeNs}:${main.size}`,
  };
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
