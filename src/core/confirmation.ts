// The one confirmation that a reply gets, once what it set in motion is known.

import { decidedText, failedText, notOfferedText, staleText, unknownText } from "../domain/confirmation.ts";
import { answerUnclearText, questionMovedText, questionStaleText } from "../domain/question-texts.ts";
import { askerOf } from "../domain/request-approval.ts";
import type { ApprovalId } from "../domain/tool-call.ts";
import type { ReplyResult } from "./reply-result.ts";

/** @returns undefined where the next question is confirmation enough @param now epoch ms */
export function confirmationOf(
  id: ApprovalId,
  result: ReplyResult,
  now: number,
): Promise<string> | string | undefined {
  switch (result.kind) {
    case "decided": {
      const { request, outcome, acknowledged } = result;
      const asker = askerOf(request.call.toolName);
      return acknowledged.then((taken) => decidedText(id, outcome, taken, asker));
    }
    case "stale":
      return staleText(result.approval, now);
    case "not-offered":
      return notOfferedText(id);
    case "unknown":
    case "no-question":
      return unknownText(id);
    case "failed":
      return failedText(id);
    case "next":
      return undefined;
    case "question-stale":
      return questionStaleText(id, result.place);
    case "question-moved":
      return questionMovedText(id, result.place);
    case "answer-unclear":
      return answerUnclearText(id, result.question);
  }
}
