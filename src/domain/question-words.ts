// What the phone reads after a reply to a question that did not end the request: product text.

import type { QuestionPlace } from "./answer-notice.ts";
import { hintOf } from "./field-rule.ts";
import type { Question } from "./question.ts";
import { type Text, text } from "./text.ts";
import type { ApprovalId, Phone } from "./tool-call.ts";
import { whoOf } from "./who-words.ts";

/** For the other approvers, when a question was answered and the next one comes. */
export function questionAnsweredText(id: ApprovalId, place: QuestionPlace, by: Phone, name?: string): Text {
  return text`✅ ${id} ${placeText(place)} answered by ${whoOf(by, name)}`;
}

/** After an answer to a question that has one. */
export function questionStaleText(id: ApprovalId, place: QuestionPlace): string {
  return `${id} ${placeText(place)} was already answered: nothing changed`;
}

/** After a typed answer that may have been meant for the question before. */
export function questionMovedText(id: ApprovalId, place: QuestionPlace): string {
  return `${id} asks ${placeText(place)} now: nothing changed. Answer that one when you have read it`;
}

/** After an answer that is not certain, and after APPROVE or SESSION. */
export function answerUnclearText(id: ApprovalId, question: Question | undefined): string {
  const { field, options = [] } = question ?? {};
  if (field !== undefined) {
    const how =
      options.length === 0 ? hintOf(field.rule, field.isOptional) : `numbers from 1 to ${options.length}`;
    return `${id} is a form: nothing changed. This field takes: ${how}. DENY ${id} declines the form`;
  }
  const last = question?.options.length ?? 2;
  const how = question?.multiSelect
    ? `numbers from 1 to ${last}, such as ${id} 1,${last}`
    : `one number from 1 to ${last}, such as ${id} ${last}`;
  return `${id} is a question: nothing changed. Answer with ${how}, or in words that do not begin with a digit. DENY ${id} gives no answer`;
}

function placeText({ number, total }: QuestionPlace): string {
  return total === 1 ? "question" : `question ${number} of ${total}`;
}
