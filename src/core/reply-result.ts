// How a decision that came in from a phone ended.

import type { QuestionPlace } from "../domain/answer-notice.ts";
import type { ApprovalRequest, Approved, Outcome } from "../domain/approval.ts";
import type { Question } from "../domain/question.ts";
import type { Phone } from "../domain/tool-call.ts";
import type { StoredApproval } from "./ports/request-store.ts";

/** What became of a decision that came in from a phone. */
export type ReplyResult =
  | {
      readonly kind: "decided";
      readonly request: ApprovalRequest;
      readonly outcome: Outcome;
      readonly acknowledged: Promise<boolean>;
      /** Every address that a message of it was sent to. */
      readonly askedAt: readonly Phone[];
    }
  /** It was one of several that are needed, and counts: nothing has run. */
  | {
      readonly kind: "counted";
      readonly request: ApprovalRequest;
      readonly by: Phone;
      readonly name?: string | undefined;
      /** Where it was a question: what somebody else has to confirm. */
      readonly answers?: Approved["answers"];
      readonly have: number;
      readonly needed: number;
      /** Every address that a message of it was sent to. */
      readonly askedAt: readonly Phone[];
    }
  /** That person has approved it before: somebody else must. */
  | { readonly kind: "counted-before"; readonly have: number; readonly needed: number }
  /** Somebody has answered its questions: that is to be confirmed, or denied. */
  | {
      readonly kind: "to-confirm";
      readonly first: Pick<Approved, "name" | "answers"> & { readonly by: Phone };
    }
  | { readonly kind: "not-offered" }
  /** Whoever it is is not asked about that project. */
  | { readonly kind: "not-yours" }
  | { readonly kind: "stale"; readonly approval: StoredApproval }
  | { readonly kind: "unknown" }
  | { readonly kind: "failed" }
  | QuestionReplyResult;

/** What became of a reply to a question that did not end its request. */
export type QuestionReplyResult =
  /** It counted, and the next question is sent. */
  | {
      readonly kind: "next";
      readonly request: ApprovalRequest;
      readonly place: QuestionPlace;
      /** Resolves when that has been sent, or is no longer wanted: until then the phone has heard nothing. Never rejects. */
      readonly asked?: Promise<void> | undefined;
    }
  | { readonly kind: "question-stale"; readonly place: QuestionPlace }
  | { readonly kind: "question-moved"; readonly place: QuestionPlace }
  | { readonly kind: "answer-unclear"; readonly question: Question | undefined }
  /** The request waits for a decision, not for an answer. */
  | { readonly kind: "no-question" };
