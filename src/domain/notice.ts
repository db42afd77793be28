// Everything that a phone is told beside the requests themselves, as data: what happened, not how it is said.
import type { ApprovalRequest, Outcome } from "./approval.ts";
import type { AuditNotice } from "./audit-notice.ts";
import type { ClosingWord } from "./closing-word.ts";
import type { SessionOffer } from "./grant.ts";
import type { InstructionNotice } from "./instruction.ts";
import type { ChatClosing, MembershipEnding } from "./keep-open.ts";
import type { PairingNotice } from "./pairing-notice.ts";
import type { ParkedNotice } from "./parked-notice.ts";
import type { PeopleNotice } from "./people-notice.ts";
import type { Question } from "./question.ts";
import type { ReasonCode } from "./reason-code.ts";
import type { RequestNotice } from "./request-notice.ts";
import type { ClosedMode, ServiceMode } from "./service-mode.ts";
import type { TaskNotice } from "./task-notice.ts";
import type { ApprovalId, Executor, Phone } from "./tool-call.ts";
import type { UncountedNotice } from "./uncounted-notice.ts";

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
type ReplyNotice =
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

/** Where the mode could not be written down. */
interface Unrecorded {
  readonly unrecorded?: true | undefined;
}

/** What is said above a line for each of several requests. */
export type SeveralHead = "none-approved" | "not-among" | "none-to-ask";

/** After one reply to several requests. */
type SeveralNotice =
  | {
      readonly kind: "several";
      readonly head?: SeveralHead | undefined;
      /** One for each request. */
      readonly lines: readonly Notice[];
    }
  /** It is not approved together with others. `why`: words of ours. */
  | { readonly kind: "singly"; readonly id: ApprovalId; readonly why: string }
  /** A command that asks once more was not carried out. `command`: as it is typed. */
  | { readonly kind: "not-asked"; readonly command: string; readonly code: ReasonCode };

/** A grant that holds. */
export interface ActiveGrant {
  readonly id: ApprovalId;
  /** The one that it was given with. */
  readonly request: Pick<ApprovalRequest, "call" | "inspection" | "project" | "requester">;
  readonly offer: SessionOffer;
  readonly leftMs: number;
  /** How often it has allowed a call. */
  readonly uses: number;
}

/** After a command, or words that are neither a reply nor a command. */
type PhoneCommandNotice =
  | { readonly kind: "help" | "unclear" | "late-tap" }
  | {
      readonly kind: "more";
      readonly id: ApprovalId;
      /** How many parts this phone was just sent, and how many it has not had. */
      readonly sent: number;
      readonly left: number;
      /** Why no more were sent: `ended`, also where there is no such request. */
      readonly stopped?: "ended" | "failed" | undefined;
      /** It asks something: nothing is approved. */
      readonly isQuestion?: true | undefined;
    }
  | { readonly kind: "pause-over"; readonly ended: readonly ApprovalId[] }
  /** `ended`: the grants that ended with it. */
  | ({
      readonly kind: "closed";
      readonly mode: ClosedMode;
      readonly ended: readonly ApprovalId[];
    } & Unrecorded)
  | ({ readonly kind: "resumed"; readonly wasOpen: boolean } & Unrecorded)
  | ({
      readonly kind: "status";
      readonly mode: ServiceMode;
      readonly waiting: number;
      /** How many grants hold. */
      readonly grants: number;
    } & Unrecorded)
  | { readonly kind: "grants"; readonly grants: readonly ActiveGrant[] }
  /** Those that ended, and what was named and is none; `grants` still hold. */
  | {
      readonly kind: "revoked";
      readonly ended: readonly ApprovalId[];
      readonly unknown?: string | undefined;
      readonly grants: readonly ActiveGrant[];
    }
  | { readonly kind: "pending"; readonly requests: readonly ApprovalRequest[]; readonly now: number };

/** About Claude itself. */
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

/** About the chat itself: it is about to close, or was kept open by a tap. */
type ChatNotice = ChatClosing | MembershipEnding | { readonly kind: "kept-open" };

export type Notice =
  | AuditNotice
  | ChatNotice
  | ReplyNotice
  | RequestNotice
  | UncountedNotice
  | SeveralNotice
  | TaskNotice
  | PhoneCommandNotice
  | InstructionNotice
  | NewsNotice
  | PairingNotice
  | ParkedNotice
  | PeopleNotice;

/** The request that a notice is about, where it is about one. */
export function requestOfNotice(notice: Notice): ApprovalId | undefined {
  if (notice.kind === "stale" || notice.kind === "watched" || notice.kind === "watched-ended")
    return notice.request.id;
  return "id" in notice ? notice.id : undefined;
}
