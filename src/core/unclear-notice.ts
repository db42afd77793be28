// What is told after words that changed nothing: while something waits, what it may have been about; else a short help.
import type { ApprovalRequest } from "../domain/approval.ts";
import type { Notice } from "../domain/notice.ts";
import { isQuestion } from "../domain/question.ts";
import { wantedBy } from "../domain/reply.ts";
import type { ApprovalId } from "../domain/tool-call.ts";

/** @param quoted the request whose message is quoted, where one is */
export function unclearNotice(
  waiting: readonly ApprovalRequest[],
  text: string,
  quoted: ApprovalId | undefined,
): Notice {
  const meant = waiting.filter(({ id }) => id === quoted);
  const requests = (meant.length > 0 ? meant : waiting).map(({ id, call }) => ({
    id,
    isQuestion: isQuestion(call),
  }));
  return requests.length === 0
    ? { kind: "unclear" }
    : { kind: "unclear-waiting", requests, wanted: wantedBy(text) };
}
