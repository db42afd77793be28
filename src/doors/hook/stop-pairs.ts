// Each end of a turn is posted twice where a hook waits for words: once to tell, once to wait. The phone is told once, and that it
// may reply only where somebody waits.
import type { Clock } from "../../core/ports/clock.ts";
import { deferred } from "../../core/timing.ts";

/** How much later than the other one of the two may come, ms: one of them starts Node. */
const PAIR_MS = 5_000;

export interface StopPairs {
  /** The hook that waits has come. */
  waits(session: string): void;
  /** The one that tells has come. Resolves with whether the other one tells the phone. */
  isTold(session: string): Promise<boolean>;
  /** No timer is left. */
  close(): void;
}

export function createStopPairs(clock: Clock): StopPairs {
  const came = new Map<string, number>();
  const expected = new Map<string, () => void>();
  return {
    waits(session) {
      const answer = expected.get(session);
      if (answer !== undefined) return answer();
      const now = clock.elapsed();
      for (const [each, at] of came) if (now - at >= PAIR_MS) came.delete(each);
      came.set(session, now);
    },
    isTold(session) {
      const at = came.get(session);
      if (came.delete(session) && at !== undefined && clock.elapsed() - at < PAIR_MS)
        return Promise.resolve(true);
      const { promise, resolve } = deferred<boolean>();
      const settle = (isTold: boolean) => {
        cancel();
        expected.delete(session);
        resolve(isTold);
      };
      const cancel = clock.after(PAIR_MS, () => settle(false));
      // A second set of hooks posts the same end again.
      expected.get(session)?.();
      expected.set(session, () => settle(true));
      return promise;
    },
    close() {
      for (const settle of expected.values()) settle();
    },
  };
}
