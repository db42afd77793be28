// A clock that only moves when a test says so. Timers run in order of their time.
import type { Clock } from "../../src/core/ports/clock.ts";

export interface FakeClock extends Clock {
  /** Moves time forward and runs what is due, letting promises settle between timers. */
  advance(ms: number): Promise<void>;
  /** Moves the wall clock forward while all else stands still, as when the machine sleeps. */
  sleep(ms: number): void;
  /** Moves both clocks forward before any timer runs, as when this process is busy. */
  pass(ms: number): void;
  /** Sets the wall clock back: timers do not notice. */
  setBack(ms: number): void;
  /** How many timers are set. */
  pending(): number;
  /** In how many ms each timer that is set comes, the next one first. */
  dues(): number[];
}

export function createFakeClock(start = 1_700_000_000_000): FakeClock {
  let now = start;
  /** The clock that is never set; a large number, as with a machine that has run for long. */
  let elapsed = 1_000_000;
  const timers = new Map<object, { at: number; task: () => void }>();

  function moveTo(moment: number): void {
    now += moment - elapsed;
    elapsed = moment;
  }

  async function settle(): Promise<void> {
    for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
  }

  return {
    now: () => now,
    elapsed: () => elapsed,
    after(delayMs, task) {
      const key = {};
      timers.set(key, { at: elapsed + delayMs, task });
      return () => void timers.delete(key);
    },
    async advance(ms) {
      const end = elapsed + ms;
      for (;;) {
        await settle();
        const [next] = [...timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at);
        if (next === undefined) break;
        const [key, { at, task }] = next;
        timers.delete(key);
        moveTo(Math.max(elapsed, at));
        task();
      }
      moveTo(end);
      await settle();
    },
    sleep(ms) {
      now += ms;
    },
    pass(ms) {
      moveTo(elapsed + ms);
    },
    setBack(ms) {
      now -= ms;
    },
    pending: () => timers.size,
    dues: () => [...timers.values()].map(({ at }) => at - elapsed).sort((a, b) => a - b),
  };
}
