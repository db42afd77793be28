// Everything that a phone is told beside the requests themselves, as data: what happened, not how it is said.
import type { AnswerNotice } from "./answer-notice.ts";
import type { ApprovalRequest } from "./approval.ts";
import type { AuditNotice } from "./audit-notice.ts";
import type { SessionOffer } from "./grant.ts";
import type { InstructionNotice } from "./instruction.ts";
import type { ChatClosing, MembershipEnding } from "./keep-open.ts";
import type { NewsNotice } from "./news-notice.ts";
import type { PairingNotice } from "./pairing-notice.ts";
import type { ParkedNotice } from "./parked-notice.ts";
import type { PeopleNotice } from "./people-notice.ts";
import type { ReasonCode } from "./reason-code.ts";
import type { RequestNotice } from "./request-notice.ts";
import type { ClosedMode, ServiceMode } from "./service-mode.ts";
import type { TaskNotice } from "./task-notice.ts";
import type { ApprovalId } from "./tool-call.ts";
import type { UncountedNotice } from "./uncounted-notice.ts";

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

/** About the chat itself: it is about to close, or was kept open by a tap. */
type ChatNotice = ChatClosing | MembershipEnding | { readonly kind: "kept-open" };

export type Notice =
  | AnswerNotice
  | AuditNotice
  | ChatNotice
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
