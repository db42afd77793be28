// How many people must approve a request: what carries a warning may need two, and an approval of fewer lets nothing run.
import type { ApprovalRequest, Outcome } from "./approval.ts";
import { needsAnswers } from "./asked-questions.ts";
import { requestMessage } from "./request-message.ts";

/** @param hidden characters of the call that its message does not show; undefined where that is not known, which counts as a warning */
export function peopleNeeded(request: ApprovalRequest, hidden: number | undefined): number {
  const { quorum = 1, call } = request;
  if (quorum <= 1) return 1;
  // Questions are sent one by one, each in full.
  const unseen = needsAnswers(call) ? 0 : hidden;
  return unseen === undefined || requestMessage(request).warnings(unseen).length > 0 ? quorum : 1;
}

/** Whether fewer people have approved it than its call alone asks for. */
export function isShortOfPeople(request: ApprovalRequest, outcome: Outcome): boolean {
  if (outcome.status !== "approved") return false;
  const { by, alsoBy = [] } = outcome;
  const people = by === "policy" || by === "grant" ? 0 : 1 + alsoBy.length;
  const needed = peopleNeeded(request, 0);
  return needed > 1 && people < needed;
}
