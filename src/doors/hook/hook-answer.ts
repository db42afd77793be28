// What Claude Code reads as the answer of its PermissionRequest hook. Anything that nobody has decided is no opinion:
// the dialog at the terminal stays. Must never say allow for anything but an approval.

import type { ApprovalRequest, Outcome } from "../../domain/approval.ts";
import { decisionOf } from "../../domain/decision.ts";
import { denialText } from "../../domain/denial.ts";

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
      return decision({ behavior: "allow", updatedInput: decided.input });
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
