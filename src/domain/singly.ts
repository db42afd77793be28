// Which requests are never approved together with others: what their messages point out is to be looked at for itself.

import type { ApprovalRequest } from "./approval.ts";
import { needsAnswers } from "./asked-questions.ts";
import { PLAN_TOOL } from "./plan.ts";
import { requestMessage } from "./request-message.ts";

/** Words of ours, to stand behind a request's id. */
export const CAME_LATER = "came later";
export const OTHER_PROJECT = "is of another project";

/** Whatever name the server has for its client. */
const TASK_TOOL = /(?:^|__)agent_(?:run_task|continue_session|verify_task)$/;

/**
 * Why a request needs an answer of its own, as above; undefined where it does not.
 * @param hidden characters of the call that the messages on that phone do not show; undefined where they are not all there
 */
export function whySingly(request: ApprovalRequest, hidden: number | undefined): string | undefined {
  const { call, inspection, door } = request;
  if (needsAnswers(call)) return "is a question";
  if (call.toolName === PLAN_TOOL) return "is a plan";
  if (door === "phone") return "was asked for from the phone";
  if (TASK_TOOL.test(call.toolName)) return "starts a task";
  if (hidden === undefined) return "is not known to have been shown on this phone in full";
  if (hidden > 0) return "is not shown in full";
  if (inspection.secrets === undefined) return "was not checked for secrets";
  if (inspection.secrets > 0) return "has masked values";
  return requestMessage(request).warnings(hidden).length > 0 ? "has a warning" : undefined;
}
