// The lines of a call in the message with the buttons.
import { headOf } from "../../../domain/headline.ts";
import { NONE } from "../../../domain/sorted-json.ts";
import type { InputLine, Summary } from "../../../domain/summary.ts";
import { codeSpans } from "./foreign.ts";
import type { RichSpan } from "./rich-text.ts";

/** UTF-16 units. */
const MAX = { command: 1_000, reason: 300, tool: 120, key: 60, value: 600, head: 160 } as const;

/** Where the full text stands, where the lines do not show all of the call. */
export type FullTextPlace = { readonly here: string } | { readonly above: string };

/** Whether the lines alone show the whole call. */
export function isWhole(summary: Summary): boolean {
  switch (summary.kind) {
    case "command":
      return isOneLine(summary.command, MAX.command);
    case "plan":
      return false;
    case "tool":
      return summary.more === 0 && summary.inputs.every(isWholeInput);
  }
}

export function summarySpans(summary: Summary, place: FullTextPlace | undefined): RichSpan[] {
  switch (summary.kind) {
    case "command": {
      const { command, reason } = summary;
      return [
        { text: "Execute command:", style: "bold" },
        ...(place === undefined
          ? [{ text: " " }, ...codeSpans(command)]
          : placeSpans(place, headOf(command), "\n")),
        ...(reason === "" ? [] : reasonSpans(reason)),
      ];
    }
    case "plan":
      return [
        { text: "Tool:", style: "bold" },
        { text: " Plan" },
        ...placeSpans(place ?? { above: "" }, headOf(summary.plan), "\n"),
      ];
    case "tool": {
      const { tool, words } = summary;
      // What is cut or has several lines stands in the full text.
      const isShown = (input: InputLine) => place === undefined || input.isDigest || isWholeInput(input);
      const inputs = summary.inputs.filter(isShown);
      return [
        { text: "Tool:", style: "bold" },
        { text: " " },
        ...codeSpans(tool, MAX.tool),
        ...(words === undefined ? [] : [{ text: ` (${words})` }]),
        ...inputs.flatMap((input) => [{ text: "\n  • " }, ...inputSpans(input)]),
        ...(inputs.length === 0 && place === undefined ? [{ text: "\n  • no input" }] : []),
        ...(place === undefined ? [] : placeSpans(place, "", "\n")),
      ];
    }
  }
}

/** @param head the beginning of what stands above */
function placeSpans(place: FullTextPlace, head: string, start: string): RichSpan[] {
  if ("here" in place) return [{ text: start }, { text: place.here, style: "pre" }];
  return [
    ...(head === "" ? [] : [{ text: " " }, ...codeSpans(head, MAX.head), { text: " …" }]),
    { text: `\n  • ${place.above}` },
  ];
}

function reasonSpans(reason: string): RichSpan[] {
  return [
    { text: "\n" },
    { text: "Reason:", style: "bold" },
    { text: " " },
    ...codeSpans(reason, MAX.reason),
    { text: " (Claude's words)" },
  ];
}

function isWholeInput({ key, value, isDigest }: InputLine): boolean {
  return !isDigest && isOneLine(key, MAX.key) && isOneLine(value, MAX.value);
}

function inputSpans(input: InputLine): RichSpan[] {
  const { key, value, isDigest } = input;
  return [
    ...(isDigest ? codeSpans(key, MAX.key) : codeSpans(key)),
    { text: ": " },
    ...(value.trim() === "" ? [{ text: NONE }] : codeSpans(value)),
  ];
}

/** Whether a line can show a text as it is: no break, no tab, no long gap, not too long. */
function isOneLine(text: string, max: number): boolean {
  return !/[\n\r\t]| {5}/.test(text) && codeSpans(text).every((span) => span.text.length <= max);
}
