// Texts and lines of the domain as spans: words of ours as they are, foreign ones as code.
import type { Foreign, Line, Text, TextPart } from "../../../domain/text.ts";
import { renderChange } from "../../whatsapp-format/change.ts";
import { LENGTH_IN_SENTENCE } from "../../whatsapp-format/lengths.ts";
import { blockText, codeSpans } from "./foreign.ts";
import { keptByTelegram, type RichSpan, type TextStyle } from "./rich-text.ts";

/** @param style of our own words */
export function textSpans(text: Text, style?: Extract<TextStyle, "bold">): RichSpan[] {
  return text.flatMap((part) => partSpans(part, style));
}

function partSpans(part: TextPart, style?: Extract<TextStyle, "bold">): RichSpan[] {
  if (typeof part === "string") return [{ text: part, style }];
  if (!("foreign" in part)) return [{ text: keptByTelegram(renderChange(part)), style: "pre" }];
  switch (part.role) {
    case "block":
    case "indented":
      return [{ text: foreignText(part), style: "pre" }];
    case "line":
      return codeSpans(part.foreign);
    default:
      return codeSpans(part.foreign, LENGTH_IN_SENTENCE[part.role]);
  }
}

/** A text that stands in one block: no part of it has a look of its own. */
export function blockOf(text: Text): string {
  return text.map((part) => (typeof part === "string" ? part : foreignText(part))).join("");
}

function foreignText(part: Exclude<TextPart, string>): string {
  if (!("foreign" in part)) return keptByTelegram(renderChange(part));
  return isBlock(part)
    ? blockText(part.foreign).replaceAll("\n", `\n${" ".repeat(indentOf(part))}`)
    : codeSpans(part.foreign)
        .map((span) => span.text)
        .join("");
}

const isBlock = ({ role }: Foreign) => role === "block" || role === "indented";

function indentOf({ role, indent = 3 }: Foreign): number {
  return role === "indented" ? indent : 0;
}

export function lineSpans(line: Line): RichSpan[] {
  switch (line.role) {
    case "title":
      return textSpans(line.text, "bold");
    case "field":
      return [{ text: `${line.name}:`, style: "bold" }, { text: " " }, ...textSpans(line.text)];
    case "line":
      return textSpans(line.text);
  }
}
