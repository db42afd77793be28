// How much one caller may ask: how many requests at a time, and how many a minute. A caller is a token, or everybody
// without one. Over the limit nothing is recorded and nobody is asked.
import type { Outcome } from "../domain/approval.ts";

import type { RateLimit } from "./ports/rate-limit.ts";

export interface RequestLimiterDeps {
  readonly rate: RateLimit;
  /** Requests of one caller that may wait at the same time. */
  readonly maxOpen: number;
}

/** Thrown when a caller is over its limit: nothing was recorded and nobody was asked. */
export class LimitError extends Error {
  readonly outcome: Outcome;
  constructor(outcome: Outcome) {
    super("over the limit");
    this.name = "LimitError";
    this.outcome = outcome;
  }
}

export interface RequestLimiter {
  /** Counts a request in. @returns what counts it out again. @throws LimitError */
  admit(requester: string | undefined): Promise<() => void>;
}

/** Nobody knows when a request of the same caller will end; a minute is as good as any time. */
const RETRY_WHEN_OPEN_MS = 60_000;

export const limitNobody: RequestLimiter = { admit: async () => () => {} };

export function createRequestLimiter({ rate, maxOpen }: RequestLimiterDeps): RequestLimiter {
  const open = new Map<string, number>();
  const count = (key: string, by: 1 | -1) => {
    const next = (open.get(key) ?? 0) + by;
    if (next === 0) open.delete(key);
    else open.set(key, next);
  };
  return {
    async admit(requester = "") {
      if ((open.get(requester) ?? 0) >= maxOpen) {
        throw new LimitError({
          status: "limited",
          message: `${maxOpen} of its requests wait already.`,
          retryAfterMs: RETRY_WHEN_OPEN_MS,
        });
      }
      count(requester, 1);
      let isIn = true;
      const leave = () => {
        if (isIn) count(requester, -1);
        isIn = false;
      };
      const retryAfterMs = await rate.take(requester).catch((error: unknown) => {
        leave();
        throw error;
      });
      if (retryAfterMs === 0) return leave;
      leave();
      const message = "it has asked too often within a minute.";
      throw new LimitError({ status: "limited", message, retryAfterMs });
    },
  };
}
