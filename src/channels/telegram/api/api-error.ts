// What went wrong with a call of the Bot API, without anything of the call itself: its address holds the token.

/**
 * What a failed call says about what it was to do:
 * - `refused`: not done, and it would be refused again.
 * - `limited`: not done; it may be tried again after `retryAfterMs`.
 * - `not-sent`: no connection was made, so that nothing can have been done.
 * - `unknown`: it may have been done.
 */
type FailureKind = "refused" | "limited" | "not-sent" | "unknown";

export interface CallFailure {
  readonly kind: FailureKind;
  /** Telegram's `error_code`, which is an HTTP status. */
  readonly code?: number | undefined;
  /** Telegram's words, cleaned: to be compared with, never to be shown. */
  readonly description?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  /** Of the connection: ECONNREFUSED, a certificate's problem. Letters, digits and underscores. */
  readonly reason?: string | undefined;
}

/** Has no cause: that of a failed fetch may name the whole address. */
export class TelegramError extends Error {
  readonly failure: CallFailure;
  constructor(method: string, failure: CallFailure) {
    const { kind, code, reason } = failure;
    super(`Telegram: ${method} failed (${[kind, code, reason].filter(Boolean).join(", ")})`);
    this.name = "TelegramError";
    this.failure = failure;
  }
}

export function failureOf(error: unknown): CallFailure {
  return error instanceof TelegramError ? error.failure : { kind: "unknown" };
}
