// How many messages may leave in a short time: Twilio refuses more than 15 between two numbers in 30 s, and a refused
// message is a request that nobody sees.
import { describe, expect, it } from "vitest";
import { createSendThrottle } from "../../src/channels/twilio/send/send-throttle.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";

const WINDOW_MS = 30_000;
const AT_MOST = 14;

function stage(intervalMs: number) {
  const clock = createFakeClock();
  const throttle = createSendThrottle(intervalMs, clock);
  const startedAt: number[] = [];
  const begun = clock.now();

  /** Sends one message after the other, as the queue does. */
  async function send(count: number): Promise<void> {
    const all = (async () => {
      for (let nth = 0; nth < count; nth += 1) {
        await throttle.turn(undefined);
        startedAt.push(clock.now() - begun);
        throttle.sent();
      }
    })();
    await clock.advance(10 * WINDOW_MS);
    await all;
  }
  return { clock, startedAt, send };
}

/** The most messages that left within any 30 s. */
function densest(times: readonly number[]): number {
  return Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + WINDOW_MS).length));
}

describe("messages that follow each other closely", () => {
  it("are never more than 14 in any 30 s, and go on at their pace after that", async () => {
    const { startedAt, send } = stage(1_000);
    await send(40);
    expect(startedAt).toHaveLength(40);
    expect(densest(startedAt)).toBe(AT_MOST);
    expect(startedAt.slice(0, 15)).toEqual([
      ...Array.from({ length: AT_MOST }, (_, n) => n * 1_000),
      WINDOW_MS,
    ]);
  });

  it("are held back by nothing but their interval where that is longer than the window asks for", async () => {
    const { startedAt, send } = stage(3_000);
    await send(20);
    expect(startedAt).toEqual(Array.from({ length: 20 }, (_, n) => n * 3_000));
  });

  it("are not held back at all by a sender without a pace", async () => {
    const { startedAt, send, clock } = stage(0);
    await send(40);
    expect(startedAt).toEqual(Array.from({ length: 40 }, () => 0));
    expect(clock.pending()).toBe(0);
  });
});
