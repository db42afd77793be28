// A task that is repeated while it is wanted: one run at a time, a pause after each, longer pauses while it fails.

import type { Clock } from "../../../core/ports/clock.ts";
import type { Log } from "../../../core/ports/log.ts";
import { waitAtMost } from "../../../core/timing.ts";

/** Between the end of one run and the next, ms. */
export const POLL_INTERVAL_MS = 2_000;
/** The longest pause while runs fail, ms. */
export const MAX_PAUSE_MS = 30_000;
/** How long `stop` waits for a run that is under way, ms. */
const STOP_GRACE_MS = 1_000;

export interface Polling {
  /** Checks again whether runs are wanted; the first one starts at once. */
  changed(): void;
  /** No run starts afterwards. */
  stop(): Promise<void>;
}

export interface PollingDeps {
  /** One run; the signal aborts on `stop`. */
  readonly run: (signal: AbortSignal) => Promise<void>;
  readonly wanted: () => boolean;
  /** Between two runs that did not fail, ms; asked again whenever something changes. Default: `POLL_INTERVAL_MS`. */
  readonly intervalMs?: (() => number) | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** Called after each failed run with how many have failed in a row. */
  readonly onFailure?: ((failures: number) => void) | undefined;
}

export function createPolling(deps: PollingDeps): Polling {
  const { run, wanted, clock, log, onFailure, intervalMs = () => POLL_INTERVAL_MS } = deps;
  const stopping = new AbortController();
  let running: Promise<void> | undefined;
  let cancelTimer: (() => void) | undefined;
  let failures = 0;
  let endedAt = Number.NEGATIVE_INFINITY;

  function look(): void {
    if (running !== undefined) return;
    cancelTimer?.();
    cancelTimer = undefined;
    if (stopping.signal.aborted || !wanted()) return;
    const pauseMs = endedAt + pauseAfterRun() - clock.elapsed();
    if (pauseMs > 0) {
      cancelTimer = clock.after(pauseMs, () => {
        cancelTimer = undefined;
        look();
      });
      return;
    }
    running = once().finally(() => {
      running = undefined;
      look();
    });
  }

  async function once(): Promise<void> {
    try {
      await run(stopping.signal);
      if (failures > 0) log.info({ failures }, "replies can be read from Twilio again");
      failures = 0;
    } catch (error) {
      failures += 1;
      if (failures === 1)
        log.error({ err: error }, "replies could not be read from Twilio; it is tried again");
      onFailure?.(failures);
    }
    endedAt = clock.elapsed();
  }

  function pauseAfterRun(): number {
    return failures === 0 ? intervalMs() : Math.min(MAX_PAUSE_MS, POLL_INTERVAL_MS * 2 ** (failures - 1));
  }

  return {
    changed: look,
    async stop() {
      stopping.abort();
      look();
      if (running !== undefined) await waitAtMost(STOP_GRACE_MS, running, clock);
    },
  };
}
