// A number of calls that wait at one side, kept at that number.
import { setTimeout as pause } from "node:timers/promises";
import type { Side, WaitingCall } from "./sides.ts";

/** Opened together while a room is filled: few enough that no connection waits for another try. */
const BATCH = 100;

export interface WaitingRoom {
  readonly size: number;
  /** Opens more until so many wait. */
  fill(size: number): Promise<void>;
  /** Takes out the one that has waited longest. @throws RangeError when nobody waits */
  next(): WaitingCall;
  /** Hangs up all of them. */
  empty(): void;
}

export function createWaitingRoom(side: Side): WaitingRoom {
  const waiting: WaitingCall[] = [];
  return {
    get size() {
      return waiting.length;
    },
    async fill(size) {
      while (waiting.length < size) {
        const batch = Array.from({ length: Math.min(BATCH, size - waiting.length) }, () => side.open());
        waiting.push(...(await Promise.all(batch.map((call) => side.waiting(call)))));
      }
    },
    next() {
      const first = waiting.shift();
      if (first === undefined) throw new RangeError("nobody waits");
      return first;
    },
    empty() {
      for (const { call } of waiting.splice(0)) call.drop();
    },
  };
}

/** How long it takes from the tap to the answer, ms. @throws Error when the answer is not an allow, or the tap is refused */
export async function timeTap({ call, ready }: WaitingCall): Promise<number> {
  const tap = ready();
  const start = performance.now();
  const [posted, answer] = await Promise.all([tap.post(), call.answer]);
  if (posted.status !== 200) throw new Error(`a tap was answered with HTTP ${posted.status}`);
  if (!answer.text.includes('"behavior":"allow"')) throw new Error(`not allowed: ${answer.text}`);
  return answer.at - start;
}

/** Until a side does nothing but wait: what is sent after an answer must not be counted to the next one. @param limitMs at most */
export async function untilQuiet({ child }: Side, limitMs: number): Promise<void> {
  const end = performance.now() + limitMs;
  let before = (await child.usage()).cpuMs;
  while (performance.now() < end) {
    await pause(QUIET_MS);
    const { cpuMs } = await child.usage();
    if (cpuMs - before < QUIET_MS * BUSY_SHARE) return;
    before = cpuMs;
  }
}

const QUIET_MS = 250;
const BUSY_SHARE = 0.1;
