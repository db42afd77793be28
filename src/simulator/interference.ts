// The seam for tests: what may stand between the simulated Twilio and the world. Must never be reachable over HTTP, and
// the server must never pass any of it: a fault belongs to test/twilio.
import type { RequestHandler } from "express";
import type { Fate } from "./delivery.ts";
import type { AlterResource } from "./rest/message-resource.ts";
import type { FetchForm } from "./webhook-post.ts";

/** Everything is optional; without it the simulator behaves as Twilio does on a good day. */
export interface Interference {
  /** Sees each call of the REST API after its sign-in, before it is handled. */
  readonly intercept?: RequestHandler | undefined;
  /** Carries webhooks and status callbacks, already signed. Default: `fetch`. */
  readonly fetch?: FetchForm | undefined;
  /** Changes a message as the API shows it when it is read, fields that may be null included. */
  readonly alter?: AlterResource | undefined;
  /** Decides the statuses that an accepted message goes through. Default: what the phone's state gives. */
  readonly fate?: Fate | undefined;
}
