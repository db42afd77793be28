// The one notice that a reply is answered with, once what it set in motion is known.
import type { Notice } from "../domain/notice.ts";
import type { SettledRequest } from "../domain/settled-request.ts";
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
      const { executor, call, door } = request;
      const { toolName } = call;
      return result.acknowledged.then((acknowledged) => ({
        kind: "decided",
        id,
        outcome,
        acknowledged,
        toolName,
        ...(executor === undefined ? {} : { executor }),
        ...(door === "phone" ? { door } : {}),
      }));
    }
    case "stale":
      return { kind: "stale", request: result.approval, now };
    case "no-question":
      return { kind: "unknown", id };
    case "not-offered":
    case "not-yours":
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

/** Where a request was answered elsewhere, or is no longer wanted, while its message was on the phone; undefined otherwise. */
export function overtakenNotice({ request, outcome, delivery }: SettledRequest): Notice | undefined {
  if (outcome.status !== "cancelled" || delivery === "sending") return undefined;
  const { cause } = outcome;
  return cause === "terminal" || cause === "withdrawn"
    ? { kind: "overtaken", id: request.id, cause }
    : undefined;
}
