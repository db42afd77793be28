// A real twilio client whose requests go to a simulator: only the origin changes.
import twilio from "twilio";
import { PATIENCE_MS } from "./patience.ts";

type RequestOptions = Parameters<InstanceType<typeof twilio.RequestClient>["request"]>[0];

class RedirectedClient extends twilio.RequestClient {
  readonly #origin: string;
  constructor(origin: string) {
    super({ timeout: PATIENCE_MS });
    this.#origin = origin;
  }
  override request<TData>(options: RequestOptions) {
    const { pathname, search } = new URL(options.uri);
    return super.request<TData>({ ...options, uri: `${this.#origin}${pathname}${search}` } as never);
  }
}

/** A client of the simulator at `url`, signed in as given. */
export function simulatorClient(url: string, user: string, secret: string, accountSid = user) {
  return twilio(user, secret, { accountSid, httpClient: new RedirectedClient(url) });
}
