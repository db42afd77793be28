// What becomes of a call that comes through another entrance just after it was decided. Allows nothing but what a grant allows.

import type { ApprovalRequest, Outcome } from "../domain/approval.ts";
import type { ApprovalId } from "../domain/tool-call.ts";

/** How a call was answered at the entrance that was first. */
export interface AnsweredTwin {
  readonly request: ApprovalRequest;
  readonly outcome: Outcome;
}

export interface TwinsAnswer {
  /** It is one call with the first: this is its answer, too. */
  readonly answer?: AnsweredTwin;
  /** What ends it, where nothing but a person would decide it. */
  readonly late?: Outcome;
}

/** By a person or a grant: a policy is asked again. */
export function isDecided(outcome: Outcome): boolean {
  return outcome.status === "denied" || (outcome.status === "approved" && outcome.by !== "policy");
}

/**
 * A person's approval is of one call and was handed over: a hook that comes late gets none of it, and is no new question. Where a
 * policy or a grant allows its call, that decides: it may be the next one.
 */
export function answerToTwin(twin: AnsweredTwin, holds: (grant: ApprovalId) => boolean): TwinsAnswer {
  const { outcome } = twin;
  if (outcome.status !== "approved") return { answer: twin };
  if (outcome.grant === undefined) return { late: { status: "cancelled", cause: "disconnected" } };
  return holds(outcome.grant) ? { answer: twin } : {};
}

export function grantOf(outcome: Outcome): ApprovalId | undefined {
  return outcome.status === "approved" ? outcome.grant : undefined;
}
