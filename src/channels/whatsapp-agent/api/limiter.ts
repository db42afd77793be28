// How much the Agent Platform takes: so many calls of a kind in a rolling minute. Counted here, so that it need not refuse one.
import type { Clock } from "../../../core/ports/clock.ts";
import { pause } from "../../../core/timing.ts";
import type { Endpoint } from "./answers.ts";

/** Calls in a rolling minute, by endpoint. */
export const CALLS_A_MINUTE: Readonly<Record<Endpoint, number>> = {
  messages: 12,
  statuses: 12,
  updates: 15,
  media: 12,
};

/** The platform's minute, and what the network may take from it. ms */
const WINDOW_MS = 61_000;

export interface AgentLimiter {
  /**
   * Resolves when a call may be made, and counts it: from its start until it is `over`, and for a minute after that.
   * @throws the signal's reason
   */
  turn(endpoint: Endpoint, signal?: AbortSignal): Promise<() => void>;
  /** How long the next call has to wait, ms. */
  waitMs(endpoint: Endpoint): number;
  /** Calls that may be made at once. */
  left(endpoint: Endpoint): number;
  /** None is made for so long, ms. */
  hold(endpoint: Endpoint, ms: number): void;
}

export function createAgentLimiter(clock: Clock): AgentLimiter {
  const calls = new Map<Endpoint, { at: number }[]>();
  const heldUntil = new Map<Endpoint, number>();

  function recent(endpoint: Endpoint): { at: number }[] {
    const kept = (calls.get(endpoint) ?? []).filter(({ at }) => at + WINDOW_MS > clock.elapsed());
    calls.set(endpoint, kept);
    return kept;
  }

  function waitMs(endpoint: Endpoint): number {
    const now = clock.elapsed();
    const held = (heldUntil.get(endpoint) ?? now) - now;
    const times = recent(endpoint)
      .map(({ at }) => at)
      .sort((one, other) => one - other);
    const oldest = times.at(-CALLS_A_MINUTE[endpoint]);
    return Math.max(0, held, oldest === undefined ? 0 : oldest + WINDOW_MS - now);
  }

  return {
    async turn(endpoint, signal) {
      signal?.throwIfAborted();
      for (let ms = waitMs(endpoint); ms > 0; ms = waitMs(endpoint)) await pause(ms, clock, signal);
      const call = { at: clock.elapsed() };
      recent(endpoint).push(call);
      return () => {
        call.at = clock.elapsed();
      };
    },
    waitMs,
    left: (endpoint) => Math.max(0, CALLS_A_MINUTE[endpoint] - recent(endpoint).length),
    hold(endpoint, ms) {
      heldUntil.set(endpoint, Math.max(heldUntil.get(endpoint) ?? 0, clock.elapsed() + ms));
    },
  };
}
