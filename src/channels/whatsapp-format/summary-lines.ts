// The lines of a call beside the buttons, as the variables of a template: one line each, never empty.

import { headOf } from "../../domain/headline.ts";
import { NONE } from "../../domain/sorted-json.ts";
import type { InputLine, Summary } from "../../domain/summary.ts";
import { LENGTH } from "./lengths.ts";
import { codeLine, cutLine, plainLine } from "./markup.ts";

/** A template's shape, and the value of each variable. */
export interface SummaryLines {
  readonly shape: string;
  readonly values: Readonly<Record<string, string>>;
}

/** Lines of the templates for everything but a command. */
const MAX_LINES = 3;

/** Whether the lines alone show the whole call. */
export function isWhole(summary: Summary): boolean {
  switch (summary.kind) {
    case "command":
      return fitsLine(summary.command, LENGTH.command);
    case "plan":
      return false;
    case "tool":
      return summary.more === 0 && summary.inputs.every(isWholeInput);
  }
}

/** @param where names the full text; empty when there is none */
export function summaryLines(summary: Summary, where: string): SummaryLines {
  switch (summary.kind) {
    case "command": {
      const { command, reason } = summary;
      const head = () => `${cutLine(codeLine(headOf(command)), LENGTH.head)} … (${where})`;
      return {
        shape: "command",
        values: {
          command: where === "" ? codeLine(command) : head(),
          reason: reason && `${plainLine(reason, LENGTH.reason)} (Claude's words)`,
        },
      };
    }
    case "plan":
      return {
        shape: "tool_2",
        values: { tool: "Plan", line1: plainLine(headOf(summary.plan), LENGTH.head), line2: where },
      };
    case "tool": {
      const texts = summary.inputs.map(inputText);
      const shown = where === "" ? texts : [...texts.slice(0, MAX_LINES - 1), where];
      if (shown.length === 0) shown.push("no input");
      return {
        shape: `tool_${shown.length}`,
        values: {
          tool: toolLine(summary.tool, summary.words),
          ...Object.fromEntries(shown.map((line, index) => [`line${index + 1}`, line])),
        },
      };
    }
  }
}

function toolLine(tool: string, words: string | undefined): string {
  const name = plainLine(tool, LENGTH.tool);
  return words === undefined ? name : `${name} (${words})`;
}

function isWholeInput({ key, value, isDigest }: InputLine): boolean {
  return !isDigest && fitsLine(key, LENGTH.key - 2) && fitsLine(value, LENGTH.value - 2);
}

function inputText(input: InputLine): string {
  const { key, value, isDigest } = input;
  if (isDigest) return `${plainLine(key, LENGTH.key)}: ${cutLine(value, LENGTH.value)}`;
  const shown = isWholeInput(input) ? plainLine(value) : plainLine(headOf(value), LENGTH.head);
  return `${plainLine(key, LENGTH.key)}: ${shown || NONE}`;
}

/** Whether a line can show a text as it is: no break, no tab, no backtick, no long gap, not too long. */
function fitsLine(text: string, max: number): boolean {
  return !/[\n\r\t`]| {5}/.test(text) && codeLine(text).length <= max;
}
