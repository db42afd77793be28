// The line that says where a call comes from.
import type { Origin } from "../../domain/request-message.ts";
import { NONE } from "../../domain/sorted-json.ts";
import { LENGTH } from "./lengths.ts";
import { codeLine, cutLine, plainLine } from "./markup.ts";

/** Empty when nothing is known. */
export function projectLine({ project, notes }: Origin): string {
  // A folder may have the same name as one of our notes: it then stands in a code mark, which our notes never do.
  const isLikeNotes = /\((token|mode|MCP)\b/i.test(project);
  const name = isLikeNotes
    ? `\`${cutLine(codeLine(project), LENGTH.project - 2)}\``
    : plainLine(project, LENGTH.project);
  return notes.length === 0 ? name : `${name || NONE} (${notes.join(", ")})`;
}
