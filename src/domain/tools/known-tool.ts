// What a row says about one of Claude Code's tools, and the tests of an input that its notes use.
import type { ToolCall } from "../tool-call.ts";

/** What to notice about a call, where its input says so. */
export interface ToolNote {
  readonly when: (input: ToolCall["input"]) => boolean;
  /** In the person's words; ours, without anything of the input. */
  readonly says: string;
}

export interface KnownTool {
  /** The first is today's; the others are older, or aliases. */
  readonly names: readonly string[];
  /** What it does, to stand behind its name; absent where the name says it. */
  readonly words?: string;
  /** A field without which the input is not the one that the words are about. */
  readonly needs?: string;
  /** Its input runs: shown in full as far as a command is. */
  readonly isScript?: true;
  readonly notes?: readonly ToolNote[];
}

export function is(key: string, ...values: readonly unknown[]): ToolNote["when"] {
  return (input) => values.includes(input[key]);
}

/** The field is there, and not empty. */
export function has(key: string): ToolNote["when"] {
  return (input) => {
    const value = input[key];
    if (value === undefined || value === null || value === "" || value === false) return false;
    return !Array.isArray(value) || value.length > 0;
  };
}

/** The field is absent or has none of these values. */
export function isNot(key: string, ...values: readonly unknown[]): ToolNote["when"] {
  return (input) => !values.includes(input[key]);
}

export function both(one: ToolNote["when"], other: ToolNote["when"]): ToolNote["when"] {
  return (input) => one(input) && other(input);
}

export const always: ToolNote["when"] = () => true;
