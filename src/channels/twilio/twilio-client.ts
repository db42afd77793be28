// Twilio's SDK, set up for this project: one origin for every product when asked, an API key where there is one, and no
// retries of its own, because a message that is sent twice asks a person twice.
import { createRequire } from "node:module";
// By their files: the package as a whole brings TwiML and tokens for calls, too.
import RequestClient from "twilio/lib/base/RequestClient.js";
import type http from "twilio/lib/http/response.js";
import Twilio from "twilio/lib/rest/Twilio.js";
import { credentialsOf, type TwilioClientOptions } from "./client-options.ts";
import { parseRetryAfter } from "./retry-after.ts";

/** The SDK's client, e.g. `client.messages.create(…)`. */
export type TwilioClient = Twilio;

// Its file has a default export within a default export, which not every loader reads alike.
const { default: RestException } = createRequire(import.meta.url)(
  "twilio/lib/base/RestException.js",
) as typeof import("twilio/lib/base/RestException.js");

const DEFAULT_TIMEOUT_MS = 15_000;

/**
 * Builds the SDK's client; nothing is sent yet.
 * @throws ConfigError when there is neither an auth token nor a whole API key, or the account SID is not one.
 */
export function createTwilioClient(options: TwilioClientOptions): TwilioClient {
  const { accountSid } = options;
  const { username, password } = credentialsOf(options);
  const transport = { timeout: options.timeoutMs ?? DEFAULT_TIMEOUT_MS, keepAlive: true, autoRetry: false };
  const httpClient = new WatchingClient(options, transport);
  return new Twilio(username, password, { accountSid, httpClient });
}

/** Sends api, content and messaging calls alike to one origin, where one is set, and keeps what the SDK throws away. */
class WatchingClient extends RequestClient {
  readonly #origin: string | undefined;
  readonly #onTwilioTime: (at: number) => void;

  constructor(
    { baseUrl, onTwilioTime = () => {} }: TwilioClientOptions,
    options: RequestClient.RequestClientOptions,
  ) {
    super(options);
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
    throw Object.assign(new RestException(response as never), { retryAfterMs });
  }
}
