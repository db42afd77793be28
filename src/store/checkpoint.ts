// Empties the write-ahead log, where the unmasked input of a decided request would stay readable. Waits for nobody: what another
// program still reads is emptied later, and the decision stands either way.

import type { LiveDatabase } from "./live-database.ts";
import { BUSY_TIMEOUT_MS } from "./open-database.ts";

/** How long after one that was in the way, ms: at first, and at most. */
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;

export interface Checkpoint {
  now(): void;
  stop(): void;
}

export function createCheckpoint(live: Pick<LiveDatabase, "use" | "written">): Checkpoint {
  let timer: NodeJS.Timeout | undefined;

  function attempt(retryMs: number): void {
    clearTimeout(timer);
    timer = undefined;
    if (isEmptied()) return;
    timer = setTimeout(() => attempt(Math.min(2 * retryMs, LONGEST_RETRY_MS)), retryMs).unref();
  }

  function isEmptied(): boolean {
    try {
      const { db, sql } = live.use();
      db.exec("PRAGMA busy_timeout = 0");
      try {
        return sql.emptyLog.get()?.busy === 0;
      } finally {
        db.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
        live.written();
      }
    } catch {
      return false;
    }
  }

  return {
    now: () => attempt(FIRST_RETRY_MS),
    stop: () => clearTimeout(timer),
  };
}
