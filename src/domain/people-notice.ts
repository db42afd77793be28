// What is told because several people are there, as data: to who is only told, and to who is not asked.
import type { ApprovalRequest, Approved, Endorser, Outcome } from "./approval.ts";
import type { ApprovalId } from "./tool-call.ts";

type Answerer = Pick<Endorser, "by" | "name">;

export type PeopleNotice =
  /** One of several approvals was counted. `isOwn`: to whoever has given it. */
  | (Answerer & {
      readonly kind: "counted";
      readonly id: ApprovalId;
      readonly answers?: Approved["answers"];
      readonly have: number;
      readonly needed: number;
      readonly isOwn: boolean;
    })
  /** To whoever has approved it before. */
  | {
      readonly kind: "counted-before";
      readonly id: ApprovalId;
      readonly have: number;
      readonly needed: number;
    }
  /** After an answer to what somebody else has answered. */
  | (Answerer & {
      readonly kind: "to-confirm";
      readonly id: ApprovalId;
      readonly answers?: Approved["answers"];
    })
  /** Its time was over with too few approvals. */
  | {
      readonly kind: "ran-out";
      readonly id: ApprovalId;
      readonly short: readonly Endorser[];
      readonly needed: number;
    }
  /** After a reply about a request that this person is not asked about. */
  | { readonly kind: "not-yours"; readonly id: ApprovalId }
  /** After words of somebody who is only told. */
  | { readonly kind: "only-told" }
  /** To who is only told: what was asked. */
  | { readonly kind: "watched"; readonly request: ApprovalRequest }
  /** To the same: how it ended. */
  | {
      readonly kind: "watched-ended";
      readonly request: ApprovalRequest;
      readonly outcome: Outcome;
      /** Whether the caller got the answer. */
      readonly acknowledged: boolean;
    };

const KINDS: ReadonlySet<string> = new Set([
  ...["counted", "counted-before", "to-confirm", "ran-out"],
  ...["not-yours", "only-told", "watched", "watched-ended"],
]);

export function isPeopleNotice<Notice extends { readonly kind: string }>(
  notice: Notice,
): notice is Notice & PeopleNotice {
  return KINDS.has(notice.kind);
}
