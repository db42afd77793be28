// What a phone is told after a reply, about the request that it was for.
import type { Outcome } from "./approval.ts";
import type { ClosingWord } from "./closing-word.ts";
import type { Question } from "./question.ts";
import type { ApprovalId, Executor, Phone } from "./tool-call.ts";

/** Where an answer stands among the questions of its request, from 1. */
export interface QuestionPlace {
  readonly number: number;
  readonly total: number;
}

/** What is known about a request that had ended when a reply to it came. Times in epoch ms. */
export interface EndedRequest {
  readonly id: ApprovalId;
  readonly outcome?: Outcome | undefined;
  readonly decidedAt?: number | undefined;
  /** Whether the caller got the answer; undefined while that is not known. */
  readonly acknowledged?: boolean | undefined;
  readonly toolName?: string | undefined;
  /** Who runs it; absent where the caller does. */
  readonly executor?: Executor | undefined;
}

/** After a reply, about the request that it was for. */
export type AnswerNotice =
  | {
      readonly kind: "decided";
      readonly id: ApprovalId;
      readonly outcome: Outcome;
      /** Whether the caller got the answer, or the server began to run it. */
      readonly acknowledged: boolean;
      readonly toolName: string;
      readonly executor?: Executor | undefined;
      /** Where it came from, where that was the phone itself. */
      readonly door?: "phone" | undefined;
      /** Who decided, for the approvers who did not. */
      readonly by?: Phone | undefined;
    }
  | { readonly kind: "stale"; readonly request: EndedRequest; readonly now: number }
  | {
      /** The server ended while it carried a reply out, and was started again. */
      readonly kind: "interrupted";
      /** The one request that it was about. */
      readonly id?: ApprovalId | undefined;
      /** It waits still, or again. */
      readonly isWaiting: boolean;
      /** Once it has ended. */
      readonly request?: EndedRequest | undefined;
      /** The command that it was, where all of that was done. */
      readonly done?: ClosingWord | undefined;
      readonly now: number;
    }
  | { readonly kind: "not-offered" | "unknown" | "failed"; readonly id: ApprovalId }
  | {
      readonly kind: "question-stale" | "question-moved";
      readonly id: ApprovalId;
      readonly place: QuestionPlace;
    }
  | {
      /** For the other approvers: the next question is on its way. */
      readonly kind: "question-answered";
      readonly id: ApprovalId;
      readonly place: QuestionPlace;
      readonly by: Phone;
      readonly name?: string | undefined;
    }
  | { readonly kind: "answer-unclear"; readonly id: ApprovalId; readonly question: Question | undefined };
