// The platform's clock, read from its answers: messages and receipts are dated by it, and this machine's may be wrong.
import type { Clock } from "../core/ports/clock.ts";

export interface PlatformTime {
  /** One of its answers named this time, epoch ms. */
  note(at: number): void;
  /** Epoch ms by the platform's clock; by this machine's until it has answered. */
  now(): number;
  /** A time of the platform's by this machine's clock, epoch ms; never in the future. */
  local(at: number): number;
}

export function createPlatformTime(clock: Clock): PlatformTime {
  /** Epoch ms at the zero of `elapsed`: setting this machine's clock changes nothing about it. */
  let origin: number | undefined;
  // Whole ones: `elapsed` has fractions, and the record takes none.
  const now = () => (origin === undefined ? clock.now() : Math.round(origin + clock.elapsed()));
  return {
    note(at) {
      origin = at - clock.elapsed();
    },
    now,
    local: (at) => Math.min(clock.now(), at + clock.now() - now()),
  };
}
