// What becomes of a call that comes through another entrance just after it was decided. Allows nothing but what a grant allows.

import type { Outcome } from "../domain/approval.ts";
import type { ApprovalId } from "../domain/tool-call.ts";

/** By a person or a grant: a policy is asked again. */
export function isDecided(outcome: Outcome): boolean {
  return outcome.status === "denied" || (outcome.status === "approved" && outcome.by !== "policy");
}

/** A person's approval is of one call and was handed over: a hook that comes late gets none of it, and is no new question. */
export function lateOutcome(outcome: Outcome): Outcome {
  const isPersons = outcome.status === "approved" && outcome.grant === undefined;
  return isPersons ? { status: "cancelled", cause: "disconnected" } : outcome;
}

export function grantOf(outcome: Outcome): ApprovalId | undefined {
  return outcome.status === "approved" ? outcome.grant : undefined;
}
