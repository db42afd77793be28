// How long Twilio asks to wait before the next call. The SDK's errors do not carry the header, so the client keeps it.

/**
 * Far above what Twilio asks for. A header with nonsense silences the sender for so long, and no longer: one message is tried again
 * then, and whoever still means it says it again.
 */
const MAX_RETRY_AFTER_MS = 15 * 60_000;

/** As HTTP has its dates: all else that JavaScript takes for one ("5.5", "5, 10") is none. */
const DATE = /^[a-z]{3,9}, \d\d[ -][a-z]{3}[ -]\d{2,4} \d\d:\d\d:\d\d GMT$/i;

/** @param header `Retry-After`: whole seconds, or a date @returns ms; 0 where it is absent or means nothing */
export function parseRetryAfter(header: unknown, now: number): number {
  if (typeof header !== "string") return 0;
  const text = header.trim();
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : DATE.test(text) ? Date.parse(text) - now : Number.NaN;
  return Number.isNaN(ms) ? 0 : Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS);
}

/** What the failed call's answer asked for, ms. */
export function retryAfterOf(error: unknown): number {
  const wanted = typeof error === "object" && error !== null && "retryAfterMs" in error && error.retryAfterMs;
  return typeof wanted === "number" ? wanted : 0;
}
