// What goes on by itself while nobody waits for it: followed, so that a stop can give it a moment.
import type { Clock } from "./ports/clock.ts";
import type { Log } from "./ports/log.ts";
import { waitAtMost } from "./timing.ts";

export interface UnderWay {
  /** @param problem what a failure is logged as */
  track(work: Promise<void>, problem: string): void;
  /** The same. @returns what is followed, for who waits for it, too */
  follow(work: Promise<void>, problem: string): Promise<void>;
  /** Resolves when nothing is under way, or after `limitMs`. */
  idle(limitMs: number): Promise<void>;
}

export function createUnderWay(clock: Clock, log: Log): UnderWay {
  const works = new Set<Promise<void>>();
  function track(work: Promise<void>, problem: string): void {
    const tracked = work
      .catch((error: unknown) => log.warn({ err: error }, problem))
      .finally(() => works.delete(tracked));
    works.add(tracked);
  }
  return {
    track,
    follow(work, problem) {
      track(work, problem);
      return work;
    },
    async idle(limitMs) {
      // What is under way may bring the next.
      const all = async () => {
        while (works.size > 0) await Promise.all(works);
      };
      await waitAtMost(limitMs, all(), clock);
    },
  };
}
