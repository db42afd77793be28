// What a failed post says about the message: whether it may exist, and whether it may be sent again.
import { ConfigError, DeliveryError } from "../../../domain/errors.ts";
import { CERTIFICATE_FAILURE, fieldsOf } from "../error-advice.ts";
import { TOO_MANY_REQUESTS } from "../error-codes.ts";

// The connection was never made, so nothing can have been sent over it.
const NEVER_CONNECTED = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"]);
// Also comes with HTTP 429, but lasts until tomorrow.
const DAILY_LIMIT = 63038;

/**
 * What a failed post says about the message:
 * - `not-taken`: nothing was processed; the same call may work in a moment.
 * - `doubtful`: the message may exist. Whatever is not known is doubtful.
 * - `final`: refused, and it would be refused again.
 */
export function failureKind(error: unknown): "not-taken" | "doubtful" | "final" {
  if (error instanceof DeliveryError || error instanceof ConfigError) return "final";
  const { status, code } = fieldsOf(error);
  if (typeof code === "string") {
    if (NEVER_CONNECTED.has(code)) return "not-taken";
    return CERTIFICATE_FAILURE.test(code) ? "final" : "doubtful";
  }
  if (typeof status !== "number" || status === 408 || status >= 500) return "doubtful";
  if (code === DAILY_LIMIT) return "final";
  return status === 429 || code === TOO_MANY_REQUESTS ? "not-taken" : "final";
}
