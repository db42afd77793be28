// What is sent: a message to one phone, and the parameters that Twilio's API takes. Types only.
import type { MessagePurpose } from "../../../core/ports/correspondence-store.ts";
import type { ApprovalId, Phone } from "../../../domain/tool-call.ts";

/** A message with buttons from a template, and the same as plain text for when Twilio refuses the template. */
export interface TemplateContent {
  readonly contentSid: string;
  /** By number: "1", "2", …; empty where the template is the message. */
  readonly variables: Readonly<Record<string, string>>;
  readonly plain: string;
  /** What it looks like in Twilio's list, where that is known: a template without variables. */
  readonly listed?: string | undefined;
}

export type MessageContent = { readonly body: string } | TemplateContent;

export interface OutgoingMessage {
  readonly to: Phone;
  /** What it is sent for, for the record. */
  readonly purpose?: MessagePurpose | undefined;
  readonly requestId?: ApprovalId | undefined;
  readonly content: MessageContent;
  /** How long it is of use, ms; asked again later. After that it is no longer sent, and Twilio is told to drop it. */
  readonly leftMs?: (() => number) | undefined;
  /** Requests go before confirmations, up to a point. */
  readonly priority: "request" | "confirmation";
  /** Aborts when it is no longer wanted: it is dropped while it waits. One that is on its way may still arrive. */
  readonly signal?: AbortSignal | undefined;
}

/** A plain text, or a template and its variables, where it has some, as a JSON object of strings. */
export type MessageText =
  | { readonly body: string }
  | { readonly contentSid: string; readonly contentVariables: string }
  | { readonly contentSid: string; readonly contentVariables?: never };

export type MessageParams = MessageText & {
  /** Both with their `whatsapp:` prefix. */
  readonly from: string;
  readonly to: string;
  readonly statusCallback?: string;
  /** Whole seconds, 1–36,000: how long Twilio may keep it in its own queue. */
  readonly validityPeriod?: number;
};

export interface ListedMessage {
  readonly sid: string;
  /** As the phone shows it, placeholders filled in. Twilio may leave it out, as any of its fields but the SID. */
  readonly body: string | null;
  readonly dateCreated: Date | null;
}

/** The part of the SDK's `client.messages` that sending needs. */
export interface MessageApi {
  /** @throws the SDK's RestException (`status`, `code`), or an error of the connection (`code` is a string). */
  create(params: MessageParams): Promise<{ readonly sid: string }>;
  /** Newest first. */
  list(filter: { from: string; to: string; limit: number }): Promise<readonly ListedMessage[]>;
}
