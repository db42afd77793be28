// Twilio's SDK, set up for this project: one origin for every product when asked, an API key where there is one, and no
// retries of its own, because a message that is sent twice asks a person twice.
import twilio from "twilio";
import type RequestClient from "twilio/lib/base/RequestClient.js";
import type http from "twilio/lib/http/response.js";
import { ConfigError } from "../../domain/errors.ts";

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
}

/** The SDK's client, e.g. `client.messages.create(…)`. */
export type TwilioClient = twilio.Twilio;

const DEFAULT_TIMEOUT_MS = 15_000;

/**
 * Builds the SDK's client; nothing is sent yet.
 * @throws ConfigError when there is neither an auth token nor a whole API key, or the account SID is not one.
 */
export function createTwilioClient(options: TwilioClientOptions): TwilioClient {
  const { accountSid, authToken, apiKeySid, apiKeySecret, baseUrl } = options;
  if (!accountSid.startsWith("AC")) throw new ConfigError(["TWILIO_ACCOUNT_SID: must start with AC"]);
  const [username, password] =
    apiKeySid !== undefined && apiKeySecret !== undefined
      ? [apiKeySid, apiKeySecret]
      : [accountSid, authToken];
  // The SDK would look into process.env for what is missing here.
  if (!password) throw new ConfigError(["TWILIO_AUTH_TOKEN: is missing (Twilio Console → Account Info)"]);
  const transport = { timeout: options.timeoutMs ?? DEFAULT_TIMEOUT_MS, keepAlive: true, autoRetry: false };
  const httpClient =
    baseUrl === undefined ? new twilio.RequestClient(transport) : new RedirectingClient(baseUrl, transport);
  return twilio(username, password, { accountSid, httpClient });
}

/** Sends api, content and messaging calls alike to one origin; path and query stay as they are. */
class RedirectingClient extends twilio.RequestClient {
  readonly #origin: string;

  constructor(baseUrl: string, options: RequestClient.RequestClientOptions) {
    super(options);
    if (!URL.canParse(baseUrl)) throw new ConfigError(["TWILIO_BASE_URL: must be an http(s) address"]);
    this.#origin = new URL(baseUrl).origin;
  }

  override request<T>(options: RequestClient.RequestOptions<T>): Promise<http.default<T>> {
    const { pathname, search } = new URL(options.uri);
    return super.request({ ...options, uri: `${this.#origin}${pathname}${search}` });
  }
}
