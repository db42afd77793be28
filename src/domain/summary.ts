// A call in the few lines of the message with the buttons. Foreign text stays one line each.

import type { ApprovalRequest } from "./approval.ts";
import { hasOnlyCommandFields, sizeText, sortedJson, toolText } from "./full-text.ts";
import { type Plan, planOf } from "./plan.ts";
import { parseQuestions, QUESTION_TOOL } from "./question.ts";
import { REQUEST_TOOL } from "./request-approval.ts";
import type { ToolCall } from "./tool-call.ts";
import { codeLine, cutLine, plainLine } from "./visible.ts";

/** Together below WhatsApp's 1,024 characters a message, the fixed text included. UTF-16 units. */
export const LIMIT = {
  command: 400,
  reason: 130,
  project: 60,
  tool: 80,
  key: 40,
  value: 130,
  session: 100,
} as const;
/** Of a text that is shown in full above. */
const HEAD_LENGTH = 100;
/** WhatsApp refuses an empty variable. */
export const NONE = "-";
const MAX_LINES = 3;
/** Shown first, because they say the most. */
const LEADING_KEYS = ["file_path", "notebook_path", "url", "query", "replace_all"];

/**
 * Where it comes from: the project, the token's name, and a permission mode other than the usual one. Neither of the
 * latter has anything but letters, digits, - and _.
 */
export function projectLine({ project, requester, permissionMode }: ApprovalRequest): string {
  const notes = [
    ...(requester === undefined ? [] : [`token ${requester}`]),
    ...(permissionMode === undefined || permissionMode === "default" ? [] : [`mode ${permissionMode}`]),
  ];
  // A folder may be called as our notes are: then it stands in a code mark, which they never do.
  const isLikeNotes = /\((token|mode)\b/i.test(project ?? "");
  const name = isLikeNotes
    ? `\`${cutLine(codeLine(project ?? ""), LIMIT.project - 2)}\``
    : plainLine(project ?? "", LIMIT.project);
  return notes.length === 0 ? name : `${name || NONE} (${notes.join(", ")})`;
}

/** The first thing of a call that tells what it does, as it stands: foreign text. */
export function headline({ toolName, input }: ToolCall): string {
  const asked = toolName === QUESTION_TOOL ? parseQuestions(input) : undefined;
  if (asked?.ok) return headOf(asked.questions[0]?.question ?? "");
  const keys = toolName === REQUEST_TOOL ? ["action"] : ["command", ...LEADING_KEYS, "description", "prompt"];
  for (const key of keys) {
    const value = input[key];
    if (typeof value === "string" && value.trim() !== "") return headOf(value);
  }
  return headOf(sortedJson(input, 0));
}

export interface Summary {
  /** Whether the lines alone show the whole call. */
  readonly whole: boolean;
  /** The template's shape and its values. @param where names the full text; empty when there is none. */
  lines(where: string): { readonly shape: string; readonly values: Record<string, string> };
}

/** What the lines say of a call. */
export function summarise({ toolName, input }: ToolCall): Summary {
  const { command, description } = input;
  if (toolName === "Bash" && typeof command === "string" && hasOnlyCommandFields(input)) {
    return summariseCommand(command, description);
  }
  const plan = planOf({ toolName, input });
  if (plan !== undefined) return summarisePlan(plan);
  const entries = Object.entries(input).sort(([a], [b]) => rank(a) - rank(b));
  // More are never shown, and an input may have a million.
  const lines = entries.slice(0, MAX_LINES).map(([key, value]) => inputLine(toolName, key, value));
  return {
    whole: entries.length <= MAX_LINES && lines.every((line) => line.whole),
    lines(where) {
      const texts = lines.map(({ text }) => text);
      const shown = where === "" ? texts : [...texts.slice(0, MAX_LINES - 1), where];
      if (shown.length === 0) shown.push("no input");
      return {
        shape: `tool_${shown.length}`,
        values: {
          tool: plainLine(toolText(toolName), LIMIT.tool),
          ...Object.fromEntries(shown.map((line, index) => [`line${index + 1}`, line])),
        },
      };
    },
  };
}

/** The plan itself always goes first, in full. */
function summarisePlan({ text }: Plan): Summary {
  return {
    whole: false,
    lines: (where) => ({
      shape: "tool_2",
      values: { tool: "Plan", line1: plainLine(headOf(text), HEAD_LENGTH), line2: where },
    }),
  };
}

function rank(key: string): number {
  const index = LEADING_KEYS.indexOf(key);
  return index < 0 ? LEADING_KEYS.length : index;
}

function summariseCommand(command: string, description: unknown): Summary {
  const whole = fitsLine(command, LIMIT.command);
  const reason = typeof description === "string" ? description.trim() : "";
  return {
    whole,
    lines: (where) => ({
      shape: "command",
      values: {
        command: whole
          ? codeLine(command)
          : `${cutLine(codeLine(headOf(command)), HEAD_LENGTH)} … (${where})`,
        reason: reason && `${plainLine(reason, LIMIT.reason)} (Claude's words)`,
      },
    }),
  };
}

function inputLine(toolName: string, key: string, value: unknown): { text: string; whole: boolean } {
  if (toolName === "Write" && key === "content" && typeof value === "string") {
    return { text: `content: ${sizeText(value)}`, whole: false };
  }
  const text = typeof value === "string" && !readsAsJson(value) ? value : sortedJson(value, 0);
  const name = plainLine(key, LIMIT.key);
  const whole = fitsLine(key, LIMIT.key - 2) && fitsLine(text, LIMIT.value - 2);
  const shown = whole ? plainLine(text) : plainLine(headOf(text), HEAD_LENGTH);
  return { text: `${name}: ${shown || NONE}`, whole };
}

/** Whether a string could be taken for another value, or for nothing: null, true, 1, {}, -. Shown in quotes then. */
function readsAsJson(text: string): boolean {
  if (text.length > LIMIT.value) return false;
  if (text === "" || text === NONE) return true;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether a line can show a text as it is: no break, no tab, no backtick, no long gap, not too long. */
function fitsLine(text: string, max: number): boolean {
  return !/[\n\r\t`]| {5}/.test(text) && codeLine(text).length <= max;
}

/** The first line that is not empty, as it stands. */
function headOf(text: string): string {
  return text.split("\n").find((line) => line.trim() !== "") ?? "";
}
