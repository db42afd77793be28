// Why a call that this server would have run was not run: one word for programs, beside the sentence for people and models.
import type { Outcome } from "./approval.ts";
import type { ApprovalId } from "./tool-call.ts";

export type ReasonCode =
  | "denied_by_person"
  | "policy"
  | "paused"
  | "panic"
  | "limit"
  | "expired"
  | "undeliverable"
  | "cancelled"
  | "failed"
  /** No such tool is offered. */
  | "not_listed"
  /** What would have run is no longer what was asked about. */
  | "changed";

/** A call that did not run. */
export interface Refusal {
  readonly kind: "refused";
  readonly code: ReasonCode;
  /** What happened, and what to do: for a model. */
  readonly message: string;
  /** The request that was asked, where one was. */
  readonly id?: ApprovalId | undefined;
}

/** @param outcome of a request that was not approved */
export function reasonOf(outcome: Exclude<Outcome, { status: "approved" }>): ReasonCode {
  switch (outcome.status) {
    case "denied":
      return "denied_by_person";
    case "refused":
      return outcome.mode.kind;
    case "blocked":
      return "policy";
    case "limited":
      return "limit";
    case "expired":
    case "undeliverable":
    case "cancelled":
    case "failed":
      return outcome.status;
  }
}
