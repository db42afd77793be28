// Texts and lines as they stand in a WhatsApp message.
import type { Foreign, Line, Text } from "../../domain/text.ts";
import { visibleBlock, visibleLine } from "../../domain/visible.ts";
import { LENGTH_IN_SENTENCE } from "./lengths.ts";
import { plainLine } from "./markup.ts";

export function renderText(text: Text): string {
  return text.map((part) => (typeof part === "string" ? part : renderForeign(part))).join("");
}

function renderForeign({ role, foreign }: Foreign): string {
  switch (role) {
    case "block":
      return visibleBlock(foreign);
    case "indented":
      return visibleBlock(foreign).replaceAll("\n", "\n   ");
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
