// The one confirmation that a reply gets, once what it set in motion is known.
import type { ApprovalId } from "../domain/approval.ts";
import { decidedText, failedText, notOfferedText, staleText, unknownText } from "../domain/confirmation.ts";
import { answerUnclearText, questionMovedText, questionStaleText } from "../domain/question-texts.ts";
import { askerOf } from "../domain/request-approval.ts";
import type { Resolution } from "./resolution.ts";

/** @returns undefined where the next question is confirmation enough @param now epoch ms */
export function confirmationOf(
  id: ApprovalId,
  resolution: Resolution,
  now: number,
): Promise<string> | string | undefined {
  switch (resolution.kind) {
    case "decided": {
      const { request, outcome, answered } = resolution;
      const asker = askerOf(request.call.toolName);
      return answered.then((taken) => decidedText(id, outcome, taken, asker));
    }
    case "stale":
      return staleText(resolution.approval, now);
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
      return questionStaleText(id, resolution.place);
    case "question-moved":
      return questionMovedText(id, resolution.place);
    case "answer-unclear":
      return answerUnclearText(id, resolution.question);
  }
}
