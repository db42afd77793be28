// What Claude Code reads as the answer of its PermissionRequest hook. Anything that nobody has decided is no opinion:
// the dialog at the terminal stays. Must never say allow for anything but an approval.

import type { ApprovalRequest, Outcome } from "../../domain/approval.ts";
import { decisionOf } from "../../domain/decision.ts";
import { denialText } from "../../domain/denial.ts";
import { PLAN_TOOL } from "../../domain/plan.ts";

export interface HookAnswer {
  readonly hookSpecificOutput?: {
    readonly hookEventName: "PermissionRequest";
    readonly decision: object;
  };
}

/** Leaves it to the terminal. */
export const NO_OPINION: HookAnswer = {};

export function hookAnswer(request: ApprovalRequest, outcome: Outcome): HookAnswer {
  switch (outcome.status) {
    case "approved": {
      const decided = decisionOf(request, outcome);
      if (decided.behavior !== "allow") return NO_OPINION;
      const { input, hasAnswers } = decided;
      // Claude Code drops an approval that carries an input, even the same one, wherever a rule or a safety check asks
      // (measured with 2.1.329). These two need theirs: see docs/decisions/0020.
      const carriesInput = hasAnswers || request.call.toolName === PLAN_TOOL;
      return decision({ behavior: "allow", ...(carriesInput && { updatedInput: input }) });
    }
    case "denied":
    case "refused":
    case "blocked":
      return decision({ behavior: "deny", message: denialText(request, outcome) });
    case "limited":
    case "expired":
    case "undeliverable":
    case "cancelled":
    case "failed":
      return NO_OPINION;
  }
}

function decision(content: object): HookAnswer {
  return { hookSpecificOutput: { hookEventName: "PermissionRequest", decision: content } };
}
