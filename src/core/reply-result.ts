// How a decision that came in from a phone ended.

import type { ApprovalRequest, Outcome } from "../domain/approval.ts";
import type { QuestionPlace } from "../domain/notice.ts";
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
