// The warnings of a message: the line beside the buttons, and the list above it where the line is too short.
import type { ApprovalId } from "../../domain/tool-call.ts";

/** UTF-16 units; part of the 1,000 that a message may have. */
const MAX_LINE_LENGTH = 160;

/** Whether the line cannot hold them all. */
export function listsAbove(warnings: readonly string[]): boolean {
  return warnings.join(" · ").length > MAX_LINE_LENGTH;
}

/** As many whole warnings as fit; the list above has them all. */
export function warningLine(warnings: readonly string[]): string {
  if (!listsAbove(warnings)) return warnings.join(" · ");
  let shown = warnings.length;
  const line = () => [...warnings.slice(0, shown), `${warnings.length - shown} more above`].join(" · ");
  while (shown > 0 && line().length > MAX_LINE_LENGTH) shown -= 1;
  return line();
}

/** Every warning, a line each. */
export function warningList(id: ApprovalId, warnings: readonly string[]): string {
  return [`*${id}, to notice:*`, ...warnings.map((warning) => `⚠️ ${warning}`)].join("\n");
}
