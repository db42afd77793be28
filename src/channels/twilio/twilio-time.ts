// Twilio's clock, read from its answers: its list of messages is dated by it, and this machine's may be wrong.
import type { Clock } from "../../core/ports/clock.ts";
import type { Log } from "../../core/ports/log.ts";

export interface TwilioTime {
  /** One of Twilio's answers named this time, epoch ms. */
  note(at: number): void;
  /** Epoch ms by Twilio's clock; by this machine's until Twilio has answered. */
  now(): number;
  /** How far this machine's clock is ahead of Twilio's, ms; undefined until Twilio has answered. */
  skewMs(): number | undefined;
}

/** What nobody would notice, ms. Twilio names whole seconds, and an answer takes its time. */
export const TOLERATED_SKEW_MS = 60_000;

/** @param log is told once, when the clocks are found to differ */
export function createTwilioTime(clock: Clock, log: Pick<Log, "warn">): TwilioTime {
  /** Epoch ms at the zero of `elapsed`: setting this machine's clock changes nothing about it. */
  let origin: number | undefined;
  let isTold = false;
  // Whole ones: `elapsed` has fractions, and the record takes none.
  const now = () => (origin === undefined ? clock.now() : Math.round(origin + clock.elapsed()));
  const skewMs = () => (origin === undefined ? undefined : clock.now() - now());
  return {
    note(at) {
      origin = at - clock.elapsed();
      const aheadMs = clock.now() - at;
      if (isTold || Math.abs(aheadMs) <= TOLERATED_SKEW_MS) return;
      isTold = true;
      log.warn({ aheadSeconds: Math.round(aheadMs / 1000) }, "this computer's clock differs from Twilio's");
    },
    now,
    skewMs,
  };
}
