// Writes that the disk has refused are tried again until they succeed. What they record holds in memory meanwhile.
import type { Clock } from "./ports/clock.ts";

/** A full disk stays full for a while, ms. */
const RETRY_MS = 5_000;

export interface RetryWrites {
  /** A write has failed: `work` is called again and again until it resolves true. */
  later(): void;
  /** Tries at once. */
  now(): Promise<void>;
  /** Tries a last time. No timer is left. */
  stop(): Promise<void>;
}

/** @param work writes what is left and resolves with whether nothing is; must not reject */
export function retryWrites(clock: Clock, work: () => Promise<boolean>): RetryWrites {
  let cancel: (() => void) | undefined;
  let running: Promise<void> | undefined;
  let isStopped = false;

  /** One at a time: the same row is not written twice. */
  function attempt(): Promise<void> {
    running ??= once().finally(() => {
      running = undefined;
    });
    return running;
  }

  async function once(): Promise<void> {
    cancel?.();
    cancel = undefined;
    if (!(await work())) later();
  }

  function later(): void {
    if (cancel === undefined && !isStopped) cancel = clock.after(RETRY_MS, () => void attempt());
  }

  return {
    later,
    now: attempt,
    stop() {
      isStopped = true;
      return attempt();
    },
  };
}
