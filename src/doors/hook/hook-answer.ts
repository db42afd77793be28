// What Claude Code reads as the answer of its PermissionRequest hook. Anything that nobody has decided is no opinion:
// the dialog at the terminal stays. Must never say allow for anything but an approval.
import { denialText } from "../../domain/answer.ts";
import type { ApprovalRequest, Outcome, ToolCall } from "../../domain/approval.ts";

export interface HookAnswer {
  readonly hookSpecificOutput?: {
    readonly hookEventName: "PermissionRequest";
    readonly decision: object;
  };
}

/** Leaves it to the terminal. */
export const NO_OPINION: HookAnswer = {};

/** @param input of the call, echoed: what was asked is what runs */
export function hookAnswer(request: ApprovalRequest, outcome: Outcome, input: ToolCall["input"]): HookAnswer {
  switch (outcome.status) {
    case "approved": {
      const rule = outcome.session?.rule;
      // Our own rule also where Claude Code suggests the same one: its suggestions may be wider, and go into files.
      const updatedPermissions =
        rule === undefined
          ? {}
          : {
              updatedPermissions: [
                { type: "addRules", rules: [rule], behavior: "allow", destination: "session" },
              ],
            };
      return decision({ behavior: "allow", updatedInput: input, ...updatedPermissions });
    }
    case "denied":
    case "refused":
    case "blocked":
      return decision({ behavior: "deny", message: denialText(request, outcome) });
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
