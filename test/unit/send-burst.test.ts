// How many messages may leave in a short time: Twilio refuses more than 15 between two numbers in 30 s, and a refused
// message is a request that nobody sees.
import { describe, expect, it } from "vitest";
import { createSendOrder } from "../../src/channels/twilio/send/send-order.ts";
import type { Phone } from "../../src/domain/tool-call.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";

const WINDOW_MS = 30_000;
const AT_MOST = 14;
const TO = "+15005550006" as Phone;
const OTHER = "+15550002222" as Phone;

function stage(intervalMs: number) {
  const clock = createFakeClock();
  const order = createSendOrder(intervalMs, clock);
  const startedAt: number[] = [];
  const begun = clock.now();

  /** Sends one message after the other, as the queue does. */
  async function send(count: number): Promise<void> {
    const all = (async () => {
      for (let nth = 0; nth < count; nth += 1) {
        const ticket = order.enter({ to: TO, priority: "request" });
        const left = await ticket.turn();
        startedAt.push(clock.now() - begun);
        left(true);
        ticket.done();
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

  it("are counted for each phone: one that has had its share does not hold up another", async () => {
    const clock = createFakeClock();
    const order = createSendOrder(13, clock);
    const begun = clock.elapsed();
    const left: [Phone, number][] = [];
    const all = [...Array.from({ length: 15 }, () => TO), OTHER].map(async (to) => {
      const ticket = order.enter({ to, priority: "request" });
      const answered = await ticket.turn();
      left.push([to, clock.elapsed() - begun]);
      answered(true);
      ticket.done();
    });
    await clock.advance(40_000);
    await Promise.all(all);
    expect(left.find(([to]) => to === OTHER)?.[1]).toBeLessThan(1_000);
    expect(left.at(-1)).toEqual([TO, 30_000]);
    expect(clock.pending()).toBe(0);
  });

  it("keep their pace when the wall clock is set back by an hour, and when it jumps ahead", async () => {
    const { clock, startedAt, send } = stage(3_000);
    await send(1);
    clock.setBack(3_600_000);
    await send(1);
    clock.sleep(7_200_000);
    await send(1);
    // Each of the three had its turn as soon as it asked for it.
    expect(startedAt).toHaveLength(3);
  });
});
