// The part of a call that best tells what it does.
import { isForm } from "./form.ts";
import { parseQuestions, QUESTION_TOOL } from "./question.ts";
import { REQUEST_TOOL } from "./request-approval.ts";
import { sortedJson } from "./sorted-json.ts";
import type { ToolCall } from "./tool-call.ts";

/** Shown first, because they say the most. */
export const LEADING_KEYS = ["file_path", "notebook_path", "url", "query", "replace_all"];

/** As it stands: foreign text. */
export function headline({ toolName, input }: ToolCall): string {
  const asked = toolName === QUESTION_TOOL ? parseQuestions(input) : undefined;
  if (asked?.ok) return headOf(asked.questions[0]?.question ?? "");
  if (isForm({ toolName })) return headOf(typeof input["message"] === "string" ? input["message"] : "");
  const keys = toolName === REQUEST_TOOL ? ["action"] : ["command", ...LEADING_KEYS, "description", "prompt"];
  for (const key of keys) {
    const value = input[key];
    if (typeof value === "string" && value.trim() !== "") return headOf(value);
  }
  return headOf(sortedJson(input, 0));
}

/** The first line that is not empty, as it stands. */
export function headOf(text: string): string {
  return text.split("\n").find((line) => line.trim() !== "") ?? "";
}
