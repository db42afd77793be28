// A call in the few lines that stand beside the buttons: which ones, and what each is. Foreign text as it stands.
import { digestOf } from "./encoded.ts";
import { hasOnlyCommandFields } from "./full-text.ts";
import { LEADING_KEYS } from "./headline.ts";
import { isTall } from "./input-text.ts";
import { count, sizeText, toolText } from "./names.ts";
import { planOf } from "./plan.ts";
import { valueLine } from "./sorted-json.ts";
import type { ToolCall } from "./tool-call.ts";
import { toolWords } from "./tools/tools.ts";

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
      /** What it does, in words of ours. */
      readonly words?: string | undefined;
      /** The most telling fields. */
      readonly inputs: readonly InputLine[];
      /** How many more fields the input has. */
      readonly more: number;
    };

/** More are never shown beside the buttons, and an input may have a million. */
const MAX_INPUTS = 3;

export function summarise({ toolName, input }: ToolCall): Summary {
  const { command, description } = input;
  if (toolName === "Bash" && typeof command === "string" && hasOnlyCommandFields(input)) {
    return { kind: "command", command, reason: typeof description === "string" ? description.trim() : "" };
  }
  const plan = planOf({ toolName, input });
  if (plan !== undefined) return { kind: "plan", plan: plan.text };
  // `false` is what the tool does anyway.
  const isUsual = ([key, value]: [string, unknown]) =>
    toolName === "Edit" && key === "replace_all" && value === false;
  const entries = Object.entries(input)
    .filter((entry) => !isUsual(entry))
    .sort(([a], [b]) => rank(a) - rank(b));
  return {
    kind: "tool",
    tool: toolText(toolName),
    words: toolWords({ toolName, input }),
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
  const digest = typeof value === "string" ? digestOf(value) : undefined;
  if (digest !== undefined) return { key, value: digest.short, isDigest: true };
  // JSON would put several lines into one, with escapes that nobody reads.
  if (typeof value === "object" && value !== null && isTall(value))
    return {
      key,
      value: count(Object.keys(value).length, Array.isArray(value) ? "item" : "field"),
      isDigest: true,
    };
  return { key, value: valueLine(value), isDigest: false };
}
