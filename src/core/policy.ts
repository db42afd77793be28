// What the operator has decided beforehand. Whatever goes wrong with it, a person is asked.
import type { ApprovalRequest, Outcome } from "../domain/approval.ts";
import { QUESTION_TOOL } from "../domain/question.ts";
import type { Log, Policy } from "./ports.ts";
import type { Submission } from "./record.ts";

export const askAlways: Policy = { decide: async () => ({ kind: "ask" }), ended: () => {} };

/** The outcome of a request by policy; undefined when a person is to be asked. Never rejects. */
export async function outcomeByPolicy(
  policy: Policy,
  submission: Submission,
  { id }: ApprovalRequest,
  log: Log,
): Promise<Outcome | undefined> {
  try {
    const decision = await policy.decide(submission);
    if (decision.kind === "ask") return undefined;
    const { rule } = decision;
    // A question wants an answer: a permission alone would tell the model that nothing was chosen.
    if (decision.kind === "allow" && submission.call.toolName === QUESTION_TOOL) return undefined;
    log.info({ id, rule, decision: decision.kind }, "decided by policy");
    if (decision.kind === "allow") return { status: "approved", by: "policy", rule };
    return {
      status: "blocked",
      rule,
      ...(decision.message === undefined ? {} : { message: decision.message }),
    };
  } catch (error) {
    log.error({ id, err: error }, "the policy could not decide: a person is asked");
    return undefined;
  }
}
