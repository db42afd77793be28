// What a client of Twilio's REST API is made with, and whether it can be. Known before the SDK is loaded.

import { ConfigError } from "../../domain/errors.ts";
import { parsedUrl } from "../../domain/parsed-url.ts";

export interface TwilioClientOptions {
  readonly accountSid: string;
  /** The password where there is no API key. */
  readonly authToken?: string | undefined;
  readonly apiKeySid?: string | undefined;
  readonly apiKeySecret?: string | undefined;
  /** Sends every REST call to this origin, path unchanged. */
  readonly baseUrl?: string | undefined;
  /** Milliseconds until a call is given up. Default 15,000: half of the SDK's own 30 s. */
  readonly timeoutMs?: number | undefined;
  /** Told of the time in each of Twilio's answers, epoch ms, in whole seconds. */
  readonly onTwilioTime?: ((at: number) => void) | undefined;
}

/**
 * @returns what to authenticate with
 * @throws ConfigError when there is neither an auth token nor a whole API key, the account SID is not one, or the origin is none.
 */
export function credentialsOf(options: TwilioClientOptions): {
  readonly username: string;
  readonly password: string;
} {
  const { accountSid, authToken, apiKeySid, apiKeySecret, baseUrl } = options;
  if (!accountSid.startsWith("AC")) throw new ConfigError(["TWILIO_ACCOUNT_SID: must start with AC"]);
  if (baseUrl !== undefined && parsedUrl(baseUrl) === undefined)
    throw new ConfigError(["TWILIO_BASE_URL: must be an http(s) address"]);
  const hasKey = apiKeySid !== undefined && apiKeySecret !== undefined;
  const [username, password] = hasKey ? [apiKeySid, apiKeySecret] : [accountSid, authToken];
  // The SDK would look into process.env for what is missing here.
  if (!password) throw new ConfigError(["TWILIO_AUTH_TOKEN: is missing (Twilio Console → Account Info)"]);
  return { username, password };
}
