// Texts and lines as they stand in a WhatsApp message.
import type { Foreign, Line, Text, TextPart } from "../../domain/text.ts";
import { visibleBlock, visibleLine } from "../../domain/visible.ts";
import { renderChange } from "./change.ts";
import { LENGTH_IN_SENTENCE } from "./lengths.ts";
import { plainLine } from "./markup.ts";

export function renderText(text: Text): string {
  return text.map(renderPart).join("");
}

function renderPart(part: TextPart): string {
  if (typeof part === "string") return part;
  return "foreign" in part ? renderForeign(part) : renderChange(part);
}

function renderForeign({ role, foreign, indent = 3 }: Foreign): string {
  switch (role) {
    case "block":
      return visibleBlock(foreign);
    case "indented":
      return visibleBlock(foreign).replaceAll("\n", `\n${" ".repeat(indent)}`);
    case "line":
      return visibleLine(foreign);
    default:
      return plainLine(foreign, LENGTH_IN_SENTENCE[role]);
  }
}

export function renderLine(line: Line): string {
  const text = renderText(line.text);
  switch (line.role) {
    case "title":
      return `*${text}*`;
    case "field":
      return `*${line.name}:* ${text}`;
    case "line":
      return text;
  }
}
