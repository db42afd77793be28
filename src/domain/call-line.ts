// A call in one line, for a log or a list: what it does, safe to show, and cut visibly where it is long. Looks at the beginning
// of each text only: a call may have megabytes.
import { LEADING_KEYS } from "./headline.ts";
import { count } from "./names.ts";
import { QUESTION_TOOL } from "./question.ts";
import type { ToolCall } from "./tool-call.ts";
import { cutEnd, visibleLine } from "./visible.ts";

/** The longest line, UTF-16 units. */
const MAX_LENGTH = 500;
/** What is looked at of a text, UTF-16 units. */
const MAX_TEXT = 500;
/** More fields are counted, not shown. */
const MAX_FIELDS = 3;
/** The field that says what the call does: it stands without its name. */
const TELLING_KEYS = ["command", "action", "plan", "message"];
/** What Claude says of its own call: not what it does. */
const COMMENT_KEY = "description";

/** @param call masked. @returns no line break, nothing hidden; not empty */
export function callLine({ toolName, input }: ToolCall): string {
  const telling = TELLING_KEYS.find((key) => typeof input[key] === "string" && input[key].trim() !== "");
  const keys = Object.keys(input)
    .filter((key) => key !== telling && (key !== COMMENT_KEY || telling === undefined))
    .sort((a, b) => rank(a) - rank(b));
  const question = toolName === QUESTION_TOOL ? firstQuestion(input) : undefined;
  const fields = (question === undefined ? keys : []).slice(0, MAX_FIELDS);
  const parts = [
    ...(question === undefined ? [] : [question]),
    ...(telling === undefined ? [] : [valueText(input[telling])]),
    ...fields.map((key) => `${begin(key)}: ${valueText(input[key])}`),
    ...(keys.length > fields.length && question === undefined ? [`${keys.length - fields.length} more`] : []),
  ];
  const line = cutLine(visibleLine(parts.join(", ")), MAX_LENGTH);
  return line === "" ? "-" : line;
}

/** Cut to a length, visibly. @param line made safe to show already */
export function cutLine(line: string, max: number): string {
  return line.length <= max ? line : `${line.slice(0, cutEnd(line, Math.max(0, max - 1)))}…`;
}

function firstQuestion({ questions }: ToolCall["input"]): string | undefined {
  const first: unknown = Array.isArray(questions) ? questions[0] : undefined;
  const text =
    typeof first === "object" && first !== null && "question" in first ? first.question : undefined;
  return typeof text === "string" ? begin(text) : undefined;
}

function valueText(value: unknown): string {
  if (typeof value === "string") return begin(value.trim());
  if (Array.isArray(value)) return count(value.length, "item");
  return typeof value === "object" && value !== null
    ? count(Object.keys(value).length, "field")
    : String(value);
}

function begin(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}…`;
}

function rank(key: string): number {
  const index = LEADING_KEYS.indexOf(key);
  return index < 0 ? LEADING_KEYS.length : index;
}
