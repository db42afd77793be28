// Keeps messages apart in time. The queue spaces the messages that it starts; this also counts those that are sent again,
// and the time that a call takes.
import type { Clock } from "../../../core/ports/clock.ts";
import { pause } from "../../../core/timing.ts";

export interface SendThrottle {
  /** Resolves when the next message may leave. @throws the signal's reason. */
  turn(signal: AbortSignal | undefined): Promise<void>;
  /** To be called when a message has left, or may have: the next one keeps its distance from that moment. */
  sent(): void;
}

/** Twilio refuses more than 15 messages between two numbers in 30 s (error 14107). One is kept back for a lost answer. */
const BURST = { messages: 14, windowMs: 30_000 } as const;

/** @param intervalMs between the answer to one call and the start of the next, so that Twilio never sees less; 0 is no limit. */
export function createSendThrottle(intervalMs: number, clock: Clock): SendThrottle {
  const sentAt: number[] = [];
  let readyAt = Number.NEGATIVE_INFINITY;

  return {
    async turn(signal) {
      // A timer may come a millisecond early.
      for (let waitMs = readyAt - clock.now(); waitMs > 0; waitMs = readyAt - clock.now()) {
        await pause(waitMs, clock, signal);
      }
    },
    sent() {
      if (intervalMs === 0) return;
      sentAt.push(clock.now());
      const oldest = sentAt.length > BURST.messages - 1 ? (sentAt.shift() ?? 0) + BURST.windowMs : 0;
      readyAt = Math.max(clock.now() + intervalMs, oldest);
    },
  };
}
