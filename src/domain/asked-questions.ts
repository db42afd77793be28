// The calls that need answers and not a permission, and their questions: Claude's own, and the forms of MCP servers.
import { FORM_TOOL, formQuestions, isForm } from "./form.ts";
import { formContent } from "./form-answer.ts";
import {
  askableQuestions,
  isQuestion,
  type ParsedQuestions,
  parseQuestions,
  QUESTION_TOOL,
} from "./question.ts";
import { answeredInput, type QuestionAnswer } from "./question-answer.ts";
import type { ToolCall } from "./tool-call.ts";

export const ANSWERED_TOOLS = [QUESTION_TOOL, FORM_TOOL] as const;

export function needsAnswers(call: Pick<ToolCall, "toolName">): boolean {
  return isQuestion(call) || isForm(call);
}

export function questionsOf(call: ToolCall): ParsedQuestions {
  return isForm(call) ? formQuestions(call) : parseQuestions(call.input);
}

/** As askableQuestions, of either kind. */
export function questionsToAsk(call: ToolCall, shown: ToolCall): ParsedQuestions {
  return askableQuestions(call, shown, questionsOf);
}

/** Whether every question has its answer. */
export function isAnswered(call: ToolCall, answers: readonly QuestionAnswer[] | undefined): boolean {
  return (isForm(call) ? formContent(call, answers) : answeredInput(call, answers)) !== undefined;
}
