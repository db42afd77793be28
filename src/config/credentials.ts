// The Twilio credentials of the scripts that need nothing but the REST API. The server's own are read in config.ts.
import { ConfigError } from "../domain/errors.ts";

export interface TwilioCredentials {
  readonly accountSid: string;
  readonly authToken?: string;
  readonly apiKeySid?: string;
  readonly apiKeySecret?: string;
  /** Sends every REST call to this origin, path unchanged. */
  readonly baseUrl?: string;
}

const ACCOUNT_INFO = "Twilio Console → Account Info, https://console.twilio.com";
const API_KEYS = "Twilio Console → Account → API keys & tokens";

/**
 * Reads the account SID with its auth token or an API key. Empty counts as not set.
 * @throws ConfigError with every problem: the variable and where to get its value, never the value.
 */
export function readCredentials(env: Readonly<Record<string, string | undefined>>): TwilioCredentials {
  const read = (name: string) => env[name]?.trim() || undefined;
  const accountSid = read("TWILIO_ACCOUNT_SID");
  const authToken = read("TWILIO_AUTH_TOKEN");
  const apiKeySid = read("TWILIO_API_KEY_SID");
  const apiKeySecret = read("TWILIO_API_KEY_SECRET");
  const baseUrl = read("TWILIO_BASE_URL");

  const problems: string[] = [];
  if (accountSid === undefined) {
    problems.push(`TWILIO_ACCOUNT_SID: is missing (${ACCOUNT_INFO})`);
  } else if (!/^AC[0-9a-fA-F]{32}$/.test(accountSid)) {
    problems.push(`TWILIO_ACCOUNT_SID: must be AC and 32 hex digits (${ACCOUNT_INFO})`);
  }
  if (apiKeySid !== undefined && !/^SK[0-9a-fA-F]{32}$/.test(apiKeySid)) {
    problems.push(`TWILIO_API_KEY_SID: must be SK and 32 hex digits (${API_KEYS})`);
  }
  if ((apiKeySid === undefined) !== (apiKeySecret === undefined)) {
    const missing = apiKeySid === undefined ? "TWILIO_API_KEY_SID" : "TWILIO_API_KEY_SECRET";
    problems.push(`${missing}: is missing; the other half of the API key is set (${API_KEYS})`);
  } else if (authToken === undefined && apiKeySid === undefined) {
    problems.push(`TWILIO_AUTH_TOKEN: is missing (${ACCOUNT_INFO})`);
  }
  if (baseUrl !== undefined && !isHttpUrl(baseUrl)) {
    problems.push("TWILIO_BASE_URL: must be an http(s) address, e.g. http://127.0.0.1:8002");
  }
  if (accountSid === undefined || problems.length > 0) throw new ConfigError(problems);
  return {
    accountSid,
    ...(authToken === undefined ? {} : { authToken }),
    ...(apiKeySid === undefined ? {} : { apiKeySid }),
    ...(apiKeySecret === undefined ? {} : { apiKeySecret }),
    ...(baseUrl === undefined ? {} : { baseUrl }),
  };
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
