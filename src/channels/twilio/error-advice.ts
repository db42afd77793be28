// Turns whatever goes wrong between us and Twilio into one clear sentence with advice. Knows errors by their shape, so
// that it need not load the SDK. Never passes on a request's headers: they hold the credentials.
import { ConfigError, DeliveryError } from "../../domain/errors.ts";
import {
  ADVICE_BY_CODE,
  type Advice,
  BAD_CREDENTIALS,
  INTERNAL_ERROR,
  TOO_MANY_REQUESTS,
} from "./error-codes.ts";

const MAX_FOREIGN_LENGTH = 200;
// Controls, line separators, invisible and reordering characters, halves of characters.
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}]+|[\p{Cf}\p{Cs}]/gu;

const TIMEOUTS = new Set(["ECONNABORTED", "ETIMEDOUT", "ERR_CANCELED", "ABORT_ERR", "ESOCKETTIMEDOUT"]);
const NAME_FAILURES = new Set(["ENOTFOUND", "EAI_AGAIN"]);
const CONNECTION_FAILURES = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EPIPE",
  "ERR_NETWORK",
]);
/** The codes of a connection that is not trusted. */
export const CERTIFICATE_FAILURE = /^(ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;

/**
 * What a Twilio error means and what to do.
 * @param code Twilio's error code, from an API answer or a status callback.
 * @param status the HTTP status, where there is one; used when there is no code.
 * @param said Twilio's own words, shown for codes that have no text here. Foreign text: cleaned and cut.
 */
export function adviceFor(code: number | undefined, status?: number, said?: unknown): Advice {
  const known = ADVICE_BY_CODE.get(code ?? codeForStatus(status) ?? 0);
  if (known !== undefined) return known;
  const words = typeof said === "string" ? cleanForeign(said) : "";
  if (code !== undefined) {
    return {
      message: sentence(words === "" ? `Twilio error ${code}` : `Twilio error ${code}: ${words}`),
      advice: `See https://www.twilio.com/docs/api/errors/${code}`,
    };
  }
  const answer = status === undefined ? "Twilio reported an error" : `Twilio answered with HTTP ${status}`;
  return {
    message: sentence(words === "" ? answer : `${answer}: ${words}`),
    advice: "See Twilio Console → Monitor → Logs → Errors.",
  };
}

/** Makes a DeliveryError of anything that sending can throw: API errors, time-outs, lost connections, bad templates. */
export function toDeliveryError(error: unknown): DeliveryError {
  if (error instanceof DeliveryError) return error;
  if (error instanceof ConfigError) {
    const message = sentence(cleanForeign(error.problems.join("; ")));
    return new DeliveryError(message, "Correct what is named here, then restart the server.", undefined, {
      cause: error,
    });
  }
  const { status, code, message } = fieldsOf(error);
  const cause = { cause: withoutRequest(error) };
  if (typeof status === "number" && typeof code !== "string") {
    // Twilio's newer error format says 0 where there is no code.
    const twilioCode = typeof code === "number" && code > 0 ? code : undefined;
    const { message: what, advice } = adviceFor(twilioCode, status, message);
    return new DeliveryError(what, advice, twilioCode, cause);
  }
  const { message: what, advice } = networkAdvice(typeof code === "string" ? code : "", error);
  return new DeliveryError(what, advice, undefined, cause);
}

/** Foreign words made harmless: one line, nothing invisible, 200 characters at most. */
export function cleanForeign(text: string): string {
  const line = text
    .replace(UNPRINTABLE, (run) => (/[\p{Cf}\p{Cs}]/u.test(run) ? "" : " "))
    .replace(/\s+/gu, " ")
    .trim();
  const letters = [...line];
  return letters.length <= MAX_FOREIGN_LENGTH
    ? line
    : `${letters.slice(0, MAX_FOREIGN_LENGTH - 1).join("")}…`;
}

function networkAdvice(code: string, error: unknown): Advice {
  const name = error instanceof Error ? error.name : "";
  if (TIMEOUTS.has(code) || name === "TimeoutError" || name === "AbortError") {
    return {
      message: "Twilio did not answer in time.",
      advice: "Check this computer's connection and https://status.twilio.com; the message may still arrive.",
    };
  }
  if (NAME_FAILURES.has(code)) {
    return {
      message: "Twilio's address could not be looked up: this computer seems to be offline.",
      advice: "Check the network and its DNS, and TWILIO_BASE_URL if it is set.",
    };
  }
  if (CONNECTION_FAILURES.has(code)) {
    return {
      message: `The connection to Twilio failed (${code}).`,
      advice: "Check the network, a firewall or proxy on the way, and TWILIO_BASE_URL if it is set.",
    };
  }
  if (CERTIFICATE_FAILURE.test(code)) {
    return {
      message: `The connection to Twilio is not trusted (${code}).`,
      advice: "If a company proxy reads the traffic, point TWILIO_CA_BUNDLE to its certificate file.",
    };
  }
  const words = cleanForeign(error instanceof Error ? error.message : typeof error === "string" ? error : "");
  return {
    message: sentence(words === "" ? "The call to Twilio failed" : `The call to Twilio failed: ${words}`),
    advice: "Look into the server's log, then try again.",
  };
}

function codeForStatus(status: number | undefined): number | undefined {
  if (status === 401) return BAD_CREDENTIALS;
  if (status === 429) return TOO_MANY_REQUESTS;
  return status !== undefined && status >= 500 ? INTERNAL_ERROR : undefined;
}

/** The fields of an error from Twilio's SDK: a number as code is Twilio's, a string is the connection's. */
export function fieldsOf(error: unknown): { status?: unknown; code?: unknown; message?: unknown } {
  return typeof error === "object" && error !== null ? error : {};
}

// axios attaches the whole request, Authorization header included, to its errors; a log would print it.
function withoutRequest(error: unknown): unknown {
  if (!(error instanceof Error) || !("config" in error || "request" in error || "response" in error))
    return error;
  const bare: Error & { code?: unknown } = new Error(error.message);
  bare.name = error.name;
  if ("code" in error) bare.code = error.code;
  if (error.stack !== undefined) bare.stack = error.stack;
  return bare;
}

function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
