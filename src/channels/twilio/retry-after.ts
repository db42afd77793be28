// How long Twilio asks to wait before the next call. The SDK's errors do not carry the header, so the client keeps it.

/** Far above what Twilio asks for; a header with nonsense must not silence the sender for days. */
const MAX_RETRY_AFTER_MS = 60 * 60_000;

/** @param header `Retry-After`: whole seconds, or a date @returns ms; 0 where it is absent or means nothing */
export function parseRetryAfter(header: unknown, now: number): number {
  if (typeof header !== "string" || header.trim() === "") return 0;
  const ms = /^\s*\d+\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? 0 : Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS);
}

/** What the failed call's answer asked for, ms. */
export function retryAfterOf(error: unknown): number {
  const wanted = typeof error === "object" && error !== null && "retryAfterMs" in error && error.retryAfterMs;
  return typeof wanted === "number" ? wanted : 0;
}
