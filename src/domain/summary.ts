// A call in the few lines that stand beside the buttons: which ones, and what each is. Foreign text as it stands.
import { hasOnlyCommandFields } from "./full-text.ts";
import { LEADING_KEYS } from "./headline.ts";
import { sizeText, toolText } from "./names.ts";
import { planOf } from "./plan.ts";
import { sortedJson } from "./sorted-json.ts";
import type { ToolCall } from "./tool-call.ts";

/** One field of an input. */
export interface InputLine {
  readonly key: string;
  readonly value: string;
  /** The value says something about the field's text and is not the text. */
  readonly isDigest: boolean;
}

export type Summary =
  | {
      readonly kind: "command";
      readonly command: string /** Claude's words; may be empty. */;
      readonly reason: string;
    }
  /** The plan itself is always shown in full. */
  | { readonly kind: "plan"; readonly plan: string }
  | {
      readonly kind: "tool";
      readonly tool: string;
      /** The most telling fields. */
      readonly inputs: readonly InputLine[];
      /** How many more fields the input has. */
      readonly more: number;
    };

/** More are never shown beside the buttons, and an input may have a million. */
const MAX_INPUTS = 3;
/** UTF-16 units. What is longer is no word of JSON that somebody could take for a value. */
const MAX_JSON_LOOKALIKE = 130;
/** Stands for nothing, here and where a channel needs a text. */
export const NONE = "-";

export function summarise({ toolName, input }: ToolCall): Summary {
  const { command, description } = input;
  if (toolName === "Bash" && typeof command === "string" && hasOnlyCommandFields(input)) {
    return { kind: "command", command, reason: typeof description === "string" ? description.trim() : "" };
  }
  const plan = planOf({ toolName, input });
  if (plan !== undefined) return { kind: "plan", plan: plan.text };
  const entries = Object.entries(input).sort(([a], [b]) => rank(a) - rank(b));
  return {
    kind: "tool",
    tool: toolText(toolName),
    inputs: entries.slice(0, MAX_INPUTS).map(([key, value]) => inputLine(toolName, key, value)),
    more: Math.max(0, entries.length - MAX_INPUTS),
  };
}

function rank(key: string): number {
  const index = LEADING_KEYS.indexOf(key);
  return index < 0 ? LEADING_KEYS.length : index;
}

function inputLine(toolName: string, key: string, value: unknown): InputLine {
  if (toolName === "Write" && key === "content" && typeof value === "string") {
    return { key, value: sizeText(value), isDigest: true };
  }
  const text = typeof value === "string" && !readsAsJson(value) ? value : sortedJson(value, 0);
  return { key, value: text, isDigest: false };
}

/** Whether a string could be taken for another value, or for nothing: null, true, 1, {}, -. Shown in quotes then. */
function readsAsJson(text: string): boolean {
  if (text.length > MAX_JSON_LOOKALIKE) return false;
  if (text === "" || text === NONE) return true;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
