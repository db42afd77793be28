// Counts commits in a write-ahead log from outside: the last frame of each commit says how large the database is after it.
// https://www.sqlite.org/fileformat2.html#the_write_ahead_log
import { readFileSync } from "node:fs";
import Database from "better-sqlite3";

const HEADER = 32;
const FRAME_HEADER = 24;

/** @param log the bytes of a `-wal` file @returns how many commits are in it; what an earlier generation left behind does not count */
export function commitsIn(log: Buffer): number {
  if (log.length < HEADER) return 0;
  const pageSize = log.readUInt32BE(8);
  const salts = log.subarray(16, 24);
  let commits = 0;
  for (let at = HEADER; at + FRAME_HEADER + pageSize <= log.length; at += FRAME_HEADER + pageSize) {
    if (!log.subarray(at + 8, at + 16).equals(salts)) break;
    if (log.readUInt32BE(at + 4) !== 0) commits += 1;
  }
  return commits;
}

/**
 * Counts the commits that `work` makes. A reader holds the log meanwhile, so that the server cannot empty it; it tries that again
 * later and waits for nobody.
 */
export async function countCommits(path: string, work: () => Promise<void>): Promise<number> {
  const reader = new Database(path, { readonly: true });
  const log = () => commitsIn(readFileSync(`${path}-wal`));
  try {
    reader.exec("BEGIN");
    reader.prepare("SELECT count(*) FROM sqlite_schema").get();
    const before = log();
    await work();
    return log() - before;
  } finally {
    reader.exec("ROLLBACK");
    reader.close();
  }
}
