// A clock that only moves when a test says so. Timers run in order of their time.
import type { Clock } from "../../src/core/ports/clock.ts";

export interface FakeClock extends Clock {
  /** Moves time forward and runs what is due, letting promises settle between timers. */
  advance(ms: number): Promise<void>;
  /** Moves time forward while timers stand still, as when the machine sleeps. */
  sleep(ms: number): void;
  /** How many timers are set. */
  pending(): number;
}

export function createFakeClock(start = 1_700_000_000_000): FakeClock {
  let now = start;
  const timers = new Map<object, { at: number; task: () => void }>();

  async function settle(): Promise<void> {
    for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
  }

  return {
    now: () => now,
    after(delayMs, task) {
      const key = {};
      timers.set(key, { at: now + delayMs, task });
      return () => void timers.delete(key);
    },
    async advance(ms) {
      const end = now + ms;
      for (;;) {
        await settle();
        const [next] = [...timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at);
        if (next === undefined) break;
        const [key, { at, task }] = next;
        timers.delete(key);
        now = Math.max(now, at);
        task();
      }
      now = end;
      await settle();
    },
    sleep(ms) {
      now += ms;
    },
    pending: () => timers.size,
  };
}
