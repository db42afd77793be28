// What is told after a reply that did not count, as data.
import type { Verb } from "./reply-words.ts";
import type { ApprovalId } from "./tool-call.ts";

/** After a reply that did not count, and why. */
export type UncountedNotice =
  /** It is not certain what is meant. */
  | {
      readonly kind: "unclear-waiting";
      /** What it may have been about. */
      readonly requests: readonly { readonly id: ApprovalId; readonly isQuestion: boolean }[];
      /** What its words would have done with an id. */
      readonly wanted?: Verb | undefined;
    }
  /** The channel could not be asked whether it is genuine, or has something else. */
  | { readonly kind: "unchecked" | "forged"; readonly id?: ApprovalId | undefined }
  | { readonly kind: "clash" | "edited" | "forwarded" }
  | TooLateNotice;

/** What would have started or opened something came so long after it was sent that it was left. */
export interface TooLateNotice {
  readonly kind: "too-late";
  readonly what: "resume" | "run" | "all" | "words";
  readonly ageMs: number;
}
