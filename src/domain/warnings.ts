// What the person should notice before they decide: the line of the message, and the list where the line is too short.

import { count } from "./full-text.ts";
import type { Inspection } from "./inspection.ts";
import type { ApprovalId, ToolCall } from "./tool-call.ts";

/** UTF-16 units; part of the 1,000 that a message may have. */
const MAX_LINE_LENGTH = 160;

/** What the input itself says about how a command runs. */
export function badges({ toolName, input }: ToolCall): string[] {
  if (toolName !== "Bash") return [];
  return [
    ...(input["run_in_background"] === true ? ["runs in the background"] : []),
    ...(input["dangerouslyDisableSandbox"] === true ? ["runs without the sandbox"] : []),
  ];
}

/** What the person cannot see. */
export function gaps({ secrets }: Inspection, hidden: number): string[] {
  return [
    ...(hidden > 0 ? [`${count(hidden, "character")} of the text are NOT shown`] : []),
    ...(secrets === undefined ? ["not checked for secrets"] : []),
  ];
}

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
