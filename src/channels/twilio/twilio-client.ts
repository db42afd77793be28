// Twilio's SDK, set up for this project: one origin for every product when asked, an API key where there is one, and no
// retries of its own, because a message that is sent twice asks a person twice.
import twilio from "twilio";
import type RequestClient from "twilio/lib/base/RequestClient.js";
import type http from "twilio/lib/http/response.js";
import { ConfigError } from "../../domain/errors.ts";
import { parseRetryAfter } from "./retry-after.ts";

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

/** The SDK's client, e.g. `client.messages.create(…)`. */
export type TwilioClient = twilio.Twilio;

const DEFAULT_TIMEOUT_MS = 15_000;

/**
 * Builds the SDK's client; nothing is sent yet.
 * @throws ConfigError when there is neither an auth token nor a whole API key, or the account SID is not one.
 */
export function createTwilioClient(options: TwilioClientOptions): TwilioClient {
  const { accountSid, authToken, apiKeySid, apiKeySecret } = options;
  if (!accountSid.startsWith("AC")) throw new ConfigError(["TWILIO_ACCOUNT_SID: must start with AC"]);
  const [username, password] =
    apiKeySid !== undefined && apiKeySecret !== undefined
      ? [apiKeySid, apiKeySecret]
      : [accountSid, authToken];
  // The SDK would look into process.env for what is missing here.
  if (!password) throw new ConfigError(["TWILIO_AUTH_TOKEN: is missing (Twilio Console → Account Info)"]);
  const transport = { timeout: options.timeoutMs ?? DEFAULT_TIMEOUT_MS, keepAlive: true, autoRetry: false };
  const httpClient = new WatchingClient(options, transport);
  return twilio(username, password, { accountSid, httpClient });
}

/** Sends api, content and messaging calls alike to one origin, where one is set, and keeps what the SDK throws away. */
class WatchingClient extends twilio.RequestClient {
  readonly #origin: string | undefined;
  readonly #onTwilioTime: (at: number) => void;

  constructor(
    { baseUrl, onTwilioTime = () => {} }: TwilioClientOptions,
    options: RequestClient.RequestClientOptions,
  ) {
    super(options);
    if (baseUrl !== undefined && !URL.canParse(baseUrl))
      throw new ConfigError(["TWILIO_BASE_URL: must be an http(s) address"]);
    this.#origin = baseUrl === undefined ? undefined : new URL(baseUrl).origin;
    this.#onTwilioTime = onTwilioTime;
  }

  override async request<T>(options: RequestClient.RequestOptions<T>): Promise<http.default<T>> {
    const { pathname, search } = new URL(options.uri);
    const uri = this.#origin === undefined ? options.uri : `${this.#origin}${pathname}${search}`;
    const response = await super.request<T>({ ...options, uri });
    // Typed any: names in lower case, as Node reads them.
    const { date, "retry-after": retryAfter }: Record<string, unknown> = response.headers ?? {};
    const twilioTime = typeof date === "string" ? Date.parse(date) : Number.NaN;
    if (!Number.isNaN(twilioTime)) this.#onTwilioTime(twilioTime);
    if (response.statusCode < 400 || retryAfter === undefined) return response;
    // What the SDK itself would throw, with what it leaves out.
    const retryAfterMs = parseRetryAfter(retryAfter, Number.isNaN(twilioTime) ? Date.now() : twilioTime);
    throw Object.assign(new twilio.RestException(response as never), { retryAfterMs });
  }
}
