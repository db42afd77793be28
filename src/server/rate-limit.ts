// How many requests each caller may make: per minute, counted in memory, and waiting at the same time.

import RateLimiterMemory from "rate-limiter-flexible/lib/RateLimiterMemory.js";
import RateLimiterRes from "rate-limiter-flexible/lib/RateLimiterRes.js";
import type { RateLimit } from "../core/ports/rate-limit.ts";
import { createRequestLimiter, type RequestLimiter } from "../core/request-limiter.ts";

const MINUTE_SECONDS = 60;

/** With the configured limits. */
export function createLimiter({ open, perMinute }: { open: number; perMinute: number }): RequestLimiter {
  return createRequestLimiter({ rate: createRateLimit(perMinute), maxOpen: open });
}

export function createRateLimit(perMinute: number): RateLimit {
  const limiter = new RateLimiterMemory({ points: perMinute, duration: MINUTE_SECONDS });
  return {
    async take(key) {
      try {
        await limiter.consume(key);
        return 0;
      } catch (refused) {
        if (!(refused instanceof RateLimiterRes)) throw refused;
        return Math.max(1, refused.msBeforeNext);
      }
    },
  };
}
