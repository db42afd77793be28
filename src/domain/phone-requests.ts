// What a command from the phone asks about once more, as a request of its own: the tools' names, and what is shown of them.

import type { ApprovalRequest } from "./approval.ts";
import { headline } from "./headline.ts";
import { toolText } from "./names.ts";
import type { ApprovalId } from "./tool-call.ts";

/** Approves several requests at once. Nobody but the phone asks for it. */
export const APPROVE_ALL_TOOL = "approve_all";

/** Start Claude on a task, and have it go on: the names that callers know, too. */
export const RUN_TASK_TOOL = "agent_run_task";
export const CONTINUE_TOOL = "agent_continue_session";

/** Characters of a request's headline: a line of the message. It was shown in full with the request itself. */
const MAX_HEADLINE = 100;

/** Its input: each request's id, with its tool and its headline as they were shown. */
export function approveAllInput(requests: readonly ApprovalRequest[]): Readonly<Record<ApprovalId, string>> {
  return Object.fromEntries(
    requests.map(({ id, inspection: { shown } }) => {
      const words = `${toolText(shown.toolName)}: ${headline(shown)}`;
      const characters = [...words];
      return [
        id,
        characters.length > MAX_HEADLINE ? `${characters.slice(0, MAX_HEADLINE).join("")}…` : words,
      ];
    }),
  );
}
