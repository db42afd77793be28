// The write-ahead log of a database that is no longer where it was: it must not be applied to what stands there now, and it has what was
// written last. So it gets another name, and is never removed by the server but by a purge of what is as old.
import { existsSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { COMPANION } from "../domain/companions.ts";

/** `-wal.2026-11-30T04-55-01-123Z`, with a number behind it where there is one of that moment. */
const KEPT = /^-wal\.(\d{4}-\d\d-\d\dT\d\d)-(\d\d)-(\d\d)-(\d{3}Z)(?:-\d+)?$/;

/**
 * Takes the log, and its index, from the name that SQLite looks for. Never throws.
 * @param real the database's file @param at epoch ms @returns its new name; undefined where it was empty, or stays
 */
export function keepLog(real: string, at: number): string | undefined {
  const log = real + COMPANION.log;
  try {
    rmSync(real + COMPANION.index, { force: true });
    const size = statSync(log, { throwIfNoEntry: false })?.size ?? 0;
    if (size === 0) {
      rmSync(log, { force: true });
      return undefined;
    }
    const name = `${log}.${new Date(at).toISOString().replaceAll(/[:.]/g, "-")}`;
    let free = name;
    for (let number = 2; existsSync(free); number += 1) free = `${name}-${number}`;
    renameSync(log, free);
    return free;
  } catch {
    // It stays under its name, and is in the way of what is there now: better than to lose it.
    return undefined;
  }
}

export interface KeptLog {
  readonly path: string;
  /** When it was taken away, epoch ms. */
  readonly at: number;
}

/** Those beside a database, oldest first. Never throws. */
export function keptLogs(real: string): readonly KeptLog[] {
  const name = basename(real);
  try {
    return readdirSync(dirname(real))
      .filter((each) => each.startsWith(`${name}-wal.`))
      .flatMap((each) => {
        const [, hour, minute, second, rest = ""] = KEPT.exec(each.slice(name.length)) ?? [];
        if (hour === undefined) return [];
        const at = Date.parse(`${hour}:${minute}:${second}.${rest}`);
        return Number.isNaN(at) ? [] : [{ path: join(dirname(real), each), at }];
      })
      .sort((one, other) => one.at - other.at);
  } catch {
    return [];
  }
}
