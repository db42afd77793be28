// What the operator has decided beforehand. Whatever goes wrong with it, a person is asked.

import type { ApprovalRequest, Approved, Outcome } from "../domain/approval.ts";
import { howOf } from "../domain/approver-action.ts";
import { ANSWERED_TOOLS } from "../domain/asked-questions.ts";
import type { Inspection } from "../domain/inspection.ts";
import { PLAN_TOOL } from "../domain/plan.ts";
import { REQUEST_TOOL } from "../domain/request-approval.ts";
import type { Submission } from "../domain/submission.ts";
import type { Phone, ToolCall } from "../domain/tool-call.ts";
import { badges } from "../domain/warnings.ts";
import type { Log } from "./ports/log.ts";
import type { Policy } from "./ports/policy.ts";

export const askAlways: Policy = { decide: async () => ({ kind: "ask" }), ended: () => {} };

/** What the policy makes of a request. A grant stands for a person, but only where the rules that deny were asked. */
export type ByPolicy =
  | { readonly kind: "ended"; readonly outcome: Outcome }
  | { readonly kind: "ask"; readonly mayUseGrant: boolean };

/**
 * Never rejects: when the policy cannot decide, a person is asked.
 * @param known whose words have asked for exactly this, where they may decide it
 */
export async function decideByPolicy(
  policy: Policy,
  submission: Submission,
  request: ApprovalRequest,
  known: (Pick<Approved, "name"> & { readonly by: Phone }) | undefined,
  log: Log,
): Promise<ByPolicy> {
  const { id } = request;
  const { asksAlways = false } = submission;
  const mayUseGrant = !asksAlways;
  try {
    const decision = await policy.decide(submission, request);
    if (known !== undefined && decision.kind !== "deny") {
      const { by, name } = known;
      return { kind: "ended", outcome: { status: "approved", by, ...howOf({ name }) } };
    }
    if (decision.kind === "ask") return { kind: "ask", mayUseGrant };
    const { rule } = decision;
    if (decision.kind === "allow" && (asksAlways || needsPerson(request.call, request.inspection))) {
      log.info({ id, rule }, "the policy would allow this call, but it is one for a person");
      return { kind: "ask", mayUseGrant };
    }
    const outcome: Outcome =
      decision.kind === "allow"
        ? { status: "approved", by: "policy", rule }
        : { status: "blocked", rule, message: decision.message };
    return { kind: "ended", outcome };
  } catch (error) {
    log.error({ id, err: error }, "the policy could not decide: a person is asked");
    return { kind: "ask", mayUseGrant: false };
  }
}

/** Says of a request that was asked about nobody, once that is written, what its rule was. */
export function notePolicy({ id }: ApprovalRequest, outcome: Outcome, log: Log): void {
  const isAllowed = outcome.status === "approved" && outcome.by === "policy";
  if (!isAllowed && outcome.status !== "blocked") return;
  log.info({ id, rule: outcome.rule, decision: isAllowed ? "allow" : "deny" }, "decided by policy");
}

/** Claude's questions and plans need an answer, a request by choice needs a person. */
const PERSONAL: ReadonlySet<string> = new Set([...ANSWERED_TOOLS, PLAN_TOOL, REQUEST_TOOL]);

/** What no rule allows: anything that the message would point out to the person. */
export function needsPerson(call: ToolCall, { secrets, warnings }: Inspection): boolean {
  return PERSONAL.has(call.toolName) || secrets !== 0 || warnings.length > 0 || badges(call).length > 0;
}
