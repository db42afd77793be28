// How an answer came in, for the record: nothing is decided by it.

export interface ReplyVia {
  /** A button; words that name the request; words in reply to its message. */
  readonly how: "tap" | "typed" | "quoted";
  /**
   * What speaks for it beside the signature: `confirmed`, the channel lists the message; `fetched`, it was read from the channel
   * itself; `signed`, nothing else was asked.
   */
  readonly proof: "confirmed" | "fetched" | "signed";
}
