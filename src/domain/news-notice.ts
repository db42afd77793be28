// What a phone is told about Claude itself.

export interface NewsNotice {
  readonly kind: "news";
  /** Claude has finished, was stopped by an error, or waits for its person at the terminal. */
  readonly news: "finished" | "failed" | "waits-at-terminal";
  readonly project?: string | undefined;
  /** Claude's words, or Claude Code's, with secrets masked; absent when there are none or they could not be checked. */
  readonly words?: string | undefined;
  /** Where Claude waits for a reply to this message: how long, ms. */
  readonly replyWithinMs?: number | undefined;
}
