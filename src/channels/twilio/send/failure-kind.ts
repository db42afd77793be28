// What a failed send says about the message: that it does not exist, that it may, or that trying again is of no use.
import { ConfigError, DeliveryError } from "../../../domain/errors.ts";
import { TOO_MANY_REQUESTS } from "../error-codes.ts";

/**
 * - `not-taken`: nothing was processed; the same call may work in a moment.
 * - `doubtful`: the message may exist. Look before sending it again.
 * - `final`: refused, and it would be refused again.
 */
export type FailureKind = "not-taken" | "doubtful" | "final";

// The connection never came about, so that nothing can have been sent over it.
const NEVER_CONNECTED = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"]);
const UNTRUSTED = /^(ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;
// Comes with HTTP 429 too, and lasts until tomorrow.
const DAILY_LIMIT = 63038;

/** @param error anything that creating a message can throw. What is not known is doubtful. */
export function failureKind(error: unknown): FailureKind {
  if (error instanceof DeliveryError || error instanceof ConfigError) return "final";
  const { status, code } = fieldsOf(error);
  if (typeof code === "string") {
    if (NEVER_CONNECTED.has(code)) return "not-taken";
    return UNTRUSTED.test(code) ? "final" : "doubtful";
  }
  if (typeof status !== "number" || status === 408 || status >= 500) return "doubtful";
  if (code === DAILY_LIMIT) return "final";
  return status === 429 || code === TOO_MANY_REQUESTS ? "not-taken" : "final";
}

/** Twilio's code in an error, where there is one. */
export function twilioCodeOf(error: unknown): number | undefined {
  const { code } = fieldsOf(error);
  return typeof code === "number" ? code : undefined;
}

function fieldsOf(error: unknown): { status?: unknown; code?: unknown } {
  return typeof error === "object" && error !== null ? error : {};
}
