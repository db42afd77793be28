// What the simulated Twilio offers to the tests, to the phone page and to the composition root.

/** How to start one. The account, token and numbers are made up by the caller; nothing here is a secret worth keeping. */
export interface SimulatorOptions {
  readonly accountSid: string;
  readonly authToken: string;
  /** The sender, e.g. `whatsapp:+14155238886`. */
  readonly sender: string;
  /** The phones that exist, E.164; the first one is the page's own unless it chooses another. */
  readonly phones: readonly string[];
  /** Where inbound messages are posted, e.g. `http://127.0.0.1:8001/twilio-webhook`; signatures are made over it. */
  readonly webhookUrl: string;
  /** The folder of the phone page's files. */
  readonly pageDir: string;
  /** 0 picks a free port. Always on 127.0.0.1. */
  readonly port: number;
  /** Delays of the statuses after acceptance, ms. Default: sent 0, delivered 0, read when the page has shown it or at once without a page. */
  readonly now?: () => number;
}

export interface SimButton {
  readonly id: string;
  readonly title: string;
}

/** One bubble of the chat. */
export interface SimMessage {
  readonly sid: string;
  readonly direction: "to-phone" | "from-phone";
  /** The phone's number, E.164. */
  readonly phone: string;
  /** The body after substitution, as WhatsApp shows it (markup still in it). */
  readonly body: string;
  readonly buttons: readonly SimButton[];
  /** For to-phone: Twilio's status. From-phone: always `received`. */
  readonly status: "queued" | "sent" | "delivered" | "read" | "failed" | "undelivered" | "received";
  readonly errorCode?: number;
  /** The message that this one quotes or whose button was tapped. */
  readonly quotes?: string;
  /** For from-phone messages made by a tap: the button's id. */
  readonly buttonId?: string;
  /** Epoch ms. */
  readonly at: number;
}

/** How the server took an inbound webhook. `error` is set when the connection failed. */
export interface WebhookResult {
  readonly status: number;
  readonly body: string;
  readonly contentType: string;
  readonly error?: string;
}

/**
 * A fault for the next matching REST call. `on` defaults to "messages".
 * - `reject`: answers at once with this HTTP status and Twilio code (429 → code 20429, 5xx → no code needed).
 * - `callback`: accepts the message, then reports `failed` or `undelivered` with this code by status callback.
 * - `hang`: never answers; the connection stays open until the caller gives up.
 * - `lost`: creates the message, then breaks the connection before answering (the message exists).
 * - `silent`: accepts; no status callback ever comes (stays `sent`).
 */
export type Fault = {
  readonly on?: "messages" | "content";
  /** How many calls it hits. Default 1. */
  readonly times?: number;
} & (
  | {
      readonly kind: "reject";
      readonly httpStatus: number;
      readonly code?: number;
      readonly message?: string;
    }
  | { readonly kind: "callback"; readonly status: "failed" | "undelivered"; readonly code: number }
  | { readonly kind: "hang" }
  | { readonly kind: "lost" }
  | { readonly kind: "silent" }
);

/** Faults of the way in: how the next webhook of an inbound message goes. */
export type InboundFault = "duplicate" | "unsigned" | "bad-signature" | "late";

export interface Simulator {
  /** `http://127.0.0.1:<port>`: Twilio's REST API and the phone page. */
  readonly url: string;
  messages(): readonly SimMessage[];
  /** Resolves with the first message, past or future, that matches. */
  waitForMessage(match: (message: SimMessage) => boolean, signal?: AbortSignal): Promise<SimMessage>;
  /** Taps a button of a message by its id, or by the id's first part ("approve", "deny"). Sends the signed webhook and returns the answer. */
  tap(messageSid: string, button: string, options?: InboundOptions): Promise<WebhookResult>;
  /** Types a text, optionally quoting a message. */
  type(text: string, options?: InboundOptions & { readonly quote?: string }): Promise<WebhookResult>;
  /** Queues a fault. */
  fail(fault: Fault): void;
  /** Tests only: points webhooks elsewhere. */
  setWebhookUrl(url: string): void;
  /** Releases hanging calls and event streams, stops listening. */
  close(): Promise<void>;
}

export interface InboundOptions {
  /** The phone that sends. Default: the message's phone, or the first phone. */
  readonly from?: string;
  readonly fault?: InboundFault;
}
