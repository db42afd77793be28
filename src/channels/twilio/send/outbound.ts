// One way out for every message: what it takes and what it promises. create-outbound.ts is the one through Twilio.
import type { Phone } from "../../../domain/approval.ts";

/** A message with buttons from a template, and the same as plain text for when Twilio refuses the template. */
export interface TemplateContent {
  readonly contentSid: string;
  /** By number: "1", "2", …; empty where the template is the message. */
  readonly variables: Readonly<Record<string, string>>;
  readonly plain: string;
  /** What it looks like in Twilio's list, where that is known: a template without variables. */
  readonly listed?: string;
}

export interface Outgoing {
  readonly to: Phone;
  readonly content: { readonly body: string } | TemplateContent;
  /** Epoch ms: later it is of no use. It is not sent then, and Twilio is told to drop it. */
  readonly validUntil?: number;
  /** Requests go before confirmations. */
  readonly priority: "request" | "confirmation";
  /** Aborts when nobody wants it any more: it is dropped while it waits. One that is on its way may still arrive. */
  readonly signal?: AbortSignal;
}

export interface Outbound {
  /**
   * Sends once: where the outcome of a call is unknown, the message is looked for before it is sent again.
   * @returns Twilio's SID.
   * @throws DeliveryError when Twilio did not take it; the signal's reason when it was dropped.
   */
  send(message: Outgoing): Promise<string>;
  /** Resolves when nothing is queued or under way. */
  idle(): Promise<void>;
  /** How many messages wait, without the one under way. For /health. */
  queued?(): number;
}
