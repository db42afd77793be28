// Keeps messages apart. The queue spaces the messages it starts; this also counts the ones that are sent again, and
// the time that a call takes.
import type { Clock } from "../../../core/ports.ts";
import { pause } from "../../../core/timing.ts";
import { failureKind } from "./failure-kind.ts";

export interface Spacing {
  /** Runs `post` when it is time. Not to be called twice at once. @throws what `post` throws; the signal's reason. */
  run<T>(post: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

/** Twilio refuses more than 15 messages between two numbers in 30 s (error 14107). One is kept back for a lost answer. */
const BURST = { messages: 14, windowMs: 30_000 } as const;

/** @param intervalMs between the answer to one call and the start of the next, so that Twilio never sees less. */
export function createSpacing(intervalMs: number, clock: Clock): Spacing {
  let readyAt = Number.NEGATIVE_INFINITY;
  const sentAt: number[] = [];
  const remainingMs = () => Math.max(0, readyAt - clock.now());
  const restart = () => {
    if (intervalMs === 0) return;
    sentAt.push(clock.now());
    const oldest = sentAt.length > BURST.messages - 1 ? (sentAt.shift() ?? 0) + BURST.windowMs : 0;
    readyAt = Math.max(clock.now() + intervalMs, oldest);
  };

  return {
    async run(post, signal) {
      // A timer may come a millisecond early.
      while (remainingMs() > 0) await pause(remainingMs(), clock, signal);
      try {
        const result = await post();
        restart();
        return result;
      } catch (error) {
        // What Twilio refused never reached the channel that counts; what was given up on may have.
        if (signal?.aborted || failureKind(error) === "doubtful") restart();
        throw error;
      }
    },
  };
}
