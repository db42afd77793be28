// The templates of an account as they were last seen at the channel, so that a start without it still has buttons. Every
// method may reject.

export interface KnownTemplate {
  /** The account's SID. */
  readonly account: string;
  /** Made of the template's content: another content has another name. */
  readonly name: string;
  /** What messages are sent with. */
  readonly sid: string;
  /** What WhatsApp said of it: `approved`, or anything else. */
  readonly approval: string;
  /** Made by the server over all of these: a row that somebody else has written has none that fits. */
  readonly seal: string;
  /** Epoch milliseconds. */
  readonly seenAt: number;
}

export interface TemplateStore {
  templates(account: string): Promise<readonly KnownTemplate[]>;
  /** Replaces what was known under that name. */
  recordTemplate(known: KnownTemplate): Promise<void>;
}
