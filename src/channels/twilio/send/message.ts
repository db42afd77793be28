// The little of Twilio's message API that sending needs. The SDK's `client.messages` fits it as it is.

/** What one message is: a plain text, or a template and its variables, where it has some, as a JSON object of strings. */
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
  /** As the phone shows it, placeholders filled in. */
  readonly body: string;
  readonly dateCreated: Date;
}

export interface MessageApi {
  /** @throws the SDK's RestException (`status`, `code`), or an error of the connection (`code` is a string). */
  create(params: MessageParams): Promise<{ readonly sid: string }>;
  /** Newest first. */
  list(filter: { from: string; to: string; limit: number }): Promise<readonly ListedMessage[]>;
}
