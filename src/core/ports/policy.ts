// What the operator has decided beforehand. It may deny, allow or leave a call to the person.
import type { ApprovalRequest } from "../../domain/approval.ts";
import type { SettledRequest } from "../../domain/settled-request.ts";
import type { Submission } from "../../domain/submission.ts";

/** What a policy says about a call; `rule` is the one that decided, as its author wrote it. */
export type PolicyDecision =
  | { readonly kind: "ask" }
  | { readonly kind: "allow"; readonly rule: string }
  | { readonly kind: "deny"; readonly rule: string; readonly message?: string };

/** Decides before anybody is asked. */
export interface Policy {
  /** @param request as it waits: its id and its inspection */
  decide(submission: Submission, request: ApprovalRequest): Promise<PolicyDecision>;
  /** How many people must approve what carries a warning now. Default: one */
  quorum?(): number | undefined | Promise<number | undefined>;
  /** What it would say now, without taking note of the call. Default: `ask`. */
  foresee?(submission: Submission): PolicyDecision["kind"];
  /** Told of every request that ends, also of those that it was not asked about. */
  ended(ended: SettledRequest): void;
}
