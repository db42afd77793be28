// Decides whether a webhook really comes from Twilio. Pure: takes strings, never throws, and says no when in doubt.
import { getExpectedTwilioSignature, validateRequest } from "twilio/lib/webhooks/webhooks.js";

export interface SignatureCheck {
  /** The configured `PUBLIC_URL`, never rebuilt from Host or X-Forwarded headers. */
  readonly publicUrl: string;
  /** Connection overrides (`#rc=5&rp=all`) of the configured address; whether Twilio signs them is not documented. */
  readonly fragment?: string | undefined;
  /** Tokens that may have signed: the primary one, and a second one during rotation. */
  readonly authTokens: readonly string[];
}

/**
 * Checks a signature over the public URL with the raw request target and all parameters.
 * @param target the request target as it came in, e.g. `/twilio-webhook?x=1`
 * @see https://www.twilio.com/docs/usage/security#validating-requests
 */
export function isSignedByTwilio(
  { publicUrl, fragment = "", authTokens }: SignatureCheck,
  target: string,
  signature: string | undefined,
  params: Readonly<Record<string, unknown>>,
): boolean {
  if (signature === undefined || signature === "" || authTokens.length === 0) return false;
  const url = publicUrl.replace(/\/+$/, "") + target;
  const forms = fragment === "" ? [url] : [url, url + fragment];
  return authTokens.some((token) => forms.some((form) => matches(token, signature, form, params)));
}

// The library throws on input that it cannot handle; with an empty token anybody could make a valid signature.
function matches(
  token: string,
  signature: string,
  url: string,
  params: Readonly<Record<string, unknown>>,
): boolean {
  try {
    return token !== "" && validateRequest(token, signature, url, params);
  } catch {
    return false;
  }
}

/** The signature that Twilio would send with a webhook. @param url exactly as it is called */
export function signatureOf(token: string, url: string, params: Readonly<Record<string, string>>): string {
  return getExpectedTwilioSignature(token, url, params);
}
