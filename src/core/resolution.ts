// How a decision that came in from a phone ended.
import type { ApprovalRequest, Outcome } from "../domain/approval.ts";
import type { StoredApproval } from "./ports.ts";

/** What became of a decision that came in from a phone. */
export type Resolution =
  | {
      readonly kind: "decided";
      readonly request: ApprovalRequest;
      readonly outcome: Outcome;
      readonly answered: Promise<boolean>;
    }
  | { readonly kind: "not-offered" }
  | { readonly kind: "stale"; readonly approval: StoredApproval }
  | { readonly kind: "unknown" }
  | { readonly kind: "failed" };
