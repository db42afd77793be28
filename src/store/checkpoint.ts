// Empties the write-ahead log, where the unmasked input of a decided request would stay readable. Nobody waits for it: it
// comes when nothing has been written for a moment, within a second all the same; what another program still reads is
// emptied later, and the decision stands either way.

import type { LiveDatabase } from "./live-database.ts";
import { emptyLog } from "./open-file.ts";

/** It stops everything for some milliseconds: not between two taps that follow each other. */
const QUIET_MS = 100;
const LATEST_MS = 1_000;
/** How long after one that was in the way, ms: at first, and at most. */
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;

export interface Checkpoint {
  now(): void;
  /** After a write: once no other has come for a moment, and within a second. */
  soon(): void;
  stop(): void;
}

export function createCheckpoint(live: Pick<LiveDatabase, "use" | "written">): Checkpoint {
  let timer: NodeJS.Timeout | undefined;
  /** By when what was written is to be out of the log, by `performance.now`; undefined when nothing is in it. */
  let dueAt: number | undefined;
  let retryMs = FIRST_RETRY_MS;

  function attempt(): void {
    clearTimeout(timer);
    timer = dueAt = undefined;
    if (isEmptied()) {
      retryMs = FIRST_RETRY_MS;
      return;
    }
    timer = setTimeout(attempt, retryMs).unref();
    retryMs = Math.min(2 * retryMs, LONGEST_RETRY_MS);
  }

  function isEmptied(): boolean {
    try {
      const file = live.use();
      let isEmpty = false;
      try {
        isEmpty = emptyLog(file);
      } finally {
        live.written(isEmpty);
      }
      return isEmpty;
    } catch {
      return false;
    }
  }

  return {
    now: attempt,
    soon() {
      const now = performance.now();
      dueAt ??= now + LATEST_MS;
      clearTimeout(timer);
      timer = setTimeout(attempt, Math.max(0, Math.min(QUIET_MS, dueAt - now))).unref();
    },
    stop: () => clearTimeout(timer),
  };
}
