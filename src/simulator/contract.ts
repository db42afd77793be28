// What the simulated Twilio offers to the server and to the phone page, and what a test in the same process gets from it.

import type { PhoneApp } from "./phone/phone-app.ts";
import type { SimButton, SimMessage } from "./sim-message.ts";

export type { SimButton, SimMessage };

/** How to start one. The account, token and numbers are made up by the caller; nothing here is a secret worth keeping. */
export interface SimulatorOptions {
  readonly accountSid: string;
  readonly authToken: string;
  /** The sender, e.g. `whatsapp:+14155238886`. */
  readonly sender: string;
  /** The phones that exist, E.164; the first one is the page's own unless it chooses another. */
  readonly phones: readonly string[];
  /**
   * Where the next inbound message is posted, e.g. `http://127.0.0.1:8001/twilio-webhook`; signatures are made over it. Empty:
   * nowhere, as in an account without one. The API sets another for a sender that is not the Sandbox.
   */
  readonly webhookUrl: () => string;
  /** The folder of the phone page's files. */
  readonly pageDir: string;
  /** The apps of the page, in their order, from its own one. Default: only that. */
  readonly apps?: ((own: PhoneApp) => readonly PhoneApp[]) | undefined;
  /** 0 picks a free port. Always on 127.0.0.1. */
  readonly port: number;
  /** Keeps the chat over a restart. Default: it ends with the run. */
  readonly chatFile?: string | undefined;
  /** How long a message stays in that file, ms. Default: as long as there is room. */
  readonly chatKeptMs?: number | undefined;
  /** The clock, epoch ms: dates of messages and the 24-hour session. Default: the wall clock. */
  readonly now?: (() => number) | undefined;
  /** Senders that the account has beside `sender`; the phones do not see them. Default: none. */
  readonly otherSenders?: readonly { readonly address: string; readonly status: string }[] | undefined;
  /** API keys accepted beside the auth token, SID (`SK…`) to secret. Default: none. */
  readonly apiKeys?: Readonly<Record<string, string>> | undefined;
}

/** How the server took an inbound webhook. `error` is set when the connection failed. */
export interface WebhookResult {
  readonly status: number;
  readonly body: string;
  readonly contentType: string;
  readonly error?: string | undefined;
  /**
   * Set when no webhook was posted, with status 204: Twilio kept a STOP (`opt-out`), START (`opt-in`) or
   * `join …` to itself, the phone has left the Sandbox (`not-joined`), or no webhook is set (`no-webhook`).
   */
  readonly withheld?: "opt-out" | "opt-in" | "join" | "not-joined" | "no-webhook" | undefined;
}

/** A WhatsApp sender that the account has of its own. */
export interface AccountSender {
  readonly sid: string;
  /** `whatsapp:+…` */
  readonly address: string;
  /** Twilio's word: ONLINE, OFFLINE, … */
  readonly status: string;
  /** As the API was told last; none until then. */
  readonly webhook: Readonly<Record<string, string | null>>;
}

/** What the server needs from a simulator. */
export interface RunningSimulator {
  /** `http://127.0.0.1:<port>`: Twilio's REST API and the phone page. */
  readonly url: string;
  /**
   * Takes a template as `POST /v1/Content` does. Absent where its wires are interfered with: then all goes over them.
   * @returns its SID. @throws Error when it is none
   */
  readonly makeContent?: ((template: unknown) => string) | undefined;
  /** Releases hanging calls and event streams, stops listening. */
  close(): Promise<void>;
}

/** The same, with its phones operated from the same process. */
export interface Simulator extends RunningSimulator {
  /** All bubbles, oldest first. */
  messages(): readonly SimMessage[];
  /** Calls `listener` with every new or changed message until the returned function is called. */
  onMessage(listener: (message: SimMessage) => void): () => void;
  /**
   * Taps a button of a message by its id, or by the id's first part ("approve", "deny"). Sends the signed webhook and returns the answer.
   * @throws Error when there is no such message or button.
   */
  tap(messageSid: string, button: string, options?: InboundOptions): Promise<WebhookResult>;
  /** Types a text, optionally quoting a message. */
  type(
    text: string,
    options?: InboundOptions & { readonly quote?: string | undefined },
  ): Promise<WebhookResult>;
  /** The account's own senders, as the API shows and changes them. */
  senders(): readonly AccountSender[];
  /** What Twilio's debugger would show about our webhook's answers: 12300 content type, 12100 bad TwiML, 11200 no good answer. */
  warnings(): readonly SimWarning[];
  /** Ends the phone's 24-hour session; its next inbound message opens it again. */
  closeSession(phone: string): void;
  /** The phone is no longer joined (63015) until it types `join <two>-<words>`. */
  leaveSandbox(phone: string): void;
}

/** How the server starts one. A test gives it one of its own. */
export type OpenSimulator = (options: SimulatorOptions) => Promise<RunningSimulator>;

export interface SimWarning {
  readonly code: number;
  readonly message: string;
}

export interface InboundOptions {
  /** The phone that sends, E.164, a stranger's too. Default: the message's phone, or the first phone. */
  readonly from?: string | undefined;
  /** As whom Twilio shows it: the number in another form, or the user id (`US.…`) of one who hides it. */
  readonly shownAs?: string | undefined;
  /** Twilio's `ExternalUserId`, without its prefix. Default: one made of the number. */
  readonly userId?: string | undefined;
  /** Twilio's tag. Default: what the gesture is. */
  readonly messageType?: "edit" | "reaction" | undefined;
  /** Parameters that Twilio adds without notice, or sends without a value. */
  readonly params?: Readonly<Record<string, string>> | undefined;
}
