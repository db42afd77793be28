// The one notice that a reply is answered with, once what it set in motion is known.
import type { Notice } from "../domain/notice.ts";
import type { ApprovalId } from "../domain/tool-call.ts";
import type { ReplyResult } from "./reply-result.ts";

/** @returns undefined where the next question is answer enough @param now epoch ms */
export function replyNotice(
  id: ApprovalId,
  result: ReplyResult,
  now: number,
): Promise<Notice> | Notice | undefined {
  switch (result.kind) {
    case "decided": {
      const { request, outcome } = result;
      const { executor, call } = request;
      const { toolName } = call;
      return result.acknowledged.then((acknowledged) => ({
        kind: "decided",
        id,
        outcome,
        acknowledged,
        toolName,
        ...(executor === undefined ? {} : { executor }),
      }));
    }
    case "stale":
      return { kind: "stale", request: result.approval, now };
    case "no-question":
      return { kind: "unknown", id };
    case "not-offered":
    case "unknown":
    case "failed":
      return { kind: result.kind, id };
    case "next":
      return undefined;
    case "question-stale":
    case "question-moved":
      return { kind: result.kind, id, place: result.place };
    case "answer-unclear":
      return { kind: "answer-unclear", id, question: result.question };
  }
}
