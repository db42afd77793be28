// The one place that says whether a call may run, and with which input. Every door that lets Claude go on asks here.

import type { ApprovalRequest, Outcome } from "./approval.ts";
import { isAnswered, needsAnswers } from "./asked-questions.ts";
import { denialText } from "./denial.ts";
import { isQuestion } from "./question.ts";
import { answeredInput } from "./question-answer.ts";
import { isShortOfPeople } from "./quorum.ts";
import type { ToolCall } from "./tool-call.ts";

export type Decision =
  | {
      readonly behavior: "allow";
      readonly input: ToolCall["input"];
      /** It is not the caller's own input: an allow that leaves it out would say that nothing was answered. */
      readonly hasAnswers: boolean;
    }
  | { readonly behavior: "deny"; readonly message: string };

/** What the caller is to be told about an outcome. */
export function decisionOf(request: ApprovalRequest, outcome: Outcome): Decision {
  const { call } = request;
  const sound = soundOutcome(request, outcome);
  if (sound.status !== "approved") return { behavior: "deny", message: denialText(request, sound) };
  const answered = isQuestion(call) ? answeredInput(call, sound.answers) : undefined;
  return { behavior: "allow", input: answered ?? call.input, hasAnswers: answered !== undefined };
}

/**
 * An approval of questions that are not all answered does not count: Claude would read that nothing was chosen. Nor does one of too
 * few people.
 */
export function soundOutcome(request: ApprovalRequest, outcome: Outcome): Outcome {
  const { call } = request;
  if (isShortOfPeople(request, outcome))
    return { status: "failed", message: "it was approved by fewer people than it needs." };
  if (outcome.status !== "approved" || !needsAnswers(call)) return outcome;
  if (isAnswered(call, outcome.answers)) return outcome;
  return { status: "failed", message: "a question was approved without its answers." };
}
