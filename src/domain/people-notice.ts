// What is told because several people are there, as data: to who is only told, and to who is not asked.
import type { ApprovalRequest, Outcome } from "./approval.ts";
import type { ApprovalId } from "./tool-call.ts";

export type PeopleNotice =
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

const KINDS: ReadonlySet<string> = new Set(["not-yours", "only-told", "watched", "watched-ended"]);

export function isPeopleNotice<Notice extends { readonly kind: string }>(
  notice: Notice,
): notice is Notice & PeopleNotice {
  return KINDS.has(notice.kind);
}
