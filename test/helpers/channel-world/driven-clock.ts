// One clock for a server and its platforms that goes on by itself while nothing is on its way, many times as fast as the real one, and as
// far as a test says. So no test waits for a pause of ours, and no time limit is met because the machine is slow.
import { setTimeout as realPause } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { createFakeClock, type FakeClock } from "../fake-clock.ts";

export interface DrivenClock extends FakeClock {
  /** Lets so much time pass, ms; what is on its way arrives first. */
  lapse(ms: number): Promise<void>;
  /** What counts as being on its way. */
  watch(underWay: () => number): void;
}

/** Of the clock, for each of the real one. */
const TICK_MS = 200;
const REAL_TICK_MS = 4;
const STEP_MS = 1_000;

export function createDrivenClock(): DrivenClock {
  const clock = createFakeClock(Date.now());
  const watched: (() => number)[] = [];
  const isQuiet = () => watched.every((underWay) => underWay() === 0);
  let isOver = false;
  let last: Promise<void> = Promise.resolve();

  /** One after another: two hands must not turn it at once. */
  function advance(ms: number): Promise<void> {
    last = last.then(() => (isOver ? undefined : clock.advance(ms)));
    return last;
  }

  const going = (async () => {
    while (!isOver) {
      await realPause(REAL_TICK_MS);
      if (isQuiet()) await advance(TICK_MS);
    }
  })();
  onTestFinished(async () => {
    isOver = true;
    await going;
  });

  let asked = 0;
  return {
    ...clock,
    // With fractions, as the machine's own has: what is written down has none.
    elapsed() {
      asked += 1;
      return clock.elapsed() + asked / 1_000_003;
    },
    watch: (underWay) => void watched.push(underWay),
    async lapse(ms) {
      for (let left = ms; left > 0; left -= STEP_MS) {
        do await realPause(1);
        while (!isQuiet());
        await advance(Math.min(left, STEP_MS));
      }
    },
  };
}
