// Twilio's clock, read from its answers: its list of messages is dated by it, and this machine's may be wrong.
import type { Clock } from "../../core/ports/clock.ts";

export interface TwilioTime {
  /** One of Twilio's answers named this time, epoch ms. */
  note(at: number): void;
  /** Epoch ms by Twilio's clock; by this machine's until Twilio has answered. */
  now(): number;
  /** How far this machine's clock is ahead of Twilio's, ms; undefined until Twilio has answered. */
  skewMs(): number | undefined;
}

export function createTwilioTime(clock: Clock): TwilioTime {
  /** Epoch ms at the zero of `elapsed`: setting this machine's clock changes nothing about it. */
  let origin: number | undefined;
  const now = () => (origin === undefined ? clock.now() : origin + clock.elapsed());
  return {
    note(at) {
      origin = at - clock.elapsed();
    },
    now,
    skewMs: () => (origin === undefined ? undefined : clock.now() - now()),
  };
}
