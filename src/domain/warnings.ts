// What the person should notice before they decide, beside what the inspection has found.

import type { Inspection } from "./inspection.ts";
import { count } from "./names.ts";
import type { ToolCall } from "./tool-call.ts";

/** What the input itself says about how a command runs. */
export function badges({ toolName, input }: ToolCall): string[] {
  if (toolName !== "Bash" && toolName !== "PowerShell") return [];
  return [
    ...(input["run_in_background"] === true ? ["runs in the background"] : []),
    ...(input["dangerouslyDisableSandbox"] === true ? ["runs without the sandbox"] : []),
  ];
}

/**
 * What stands in a message with masks; nothing without. A mask beside an unknown secret must not reassure: it says to look for others.
 * @param secrets how many different ones were masked
 */
export function maskedText(secrets: number | undefined): string | undefined {
  if (secrets === undefined || secrets === 0) return undefined;
  const what = secrets === 1 ? "that looks like a secret is" : "that look like secrets are";
  return `${count(secrets, "value")} ${what} masked: look for others`;
}

/** What the person cannot see. @param hidden characters of the text that the channel does not show */
export function gaps({ secrets }: Inspection, hidden: number): string[] {
  return [
    ...(hidden > 0 ? [`${count(hidden, "character")} of the text are NOT shown`] : []),
    ...(secrets === undefined ? ["not checked for secrets"] : []),
  ];
}

/** More than a person reads, and as much as a message takes beside what else is to notice. */
const MAX_FOUND = 9;

/** What the inspection has found, worst first; what is beyond reading is counted, so that it is never gone in silence. */
export function found({ warnings }: Inspection): readonly string[] {
  if (warnings.length <= MAX_FOUND) return warnings;
  const shown = warnings.slice(0, MAX_FOUND - 1);
  return [...shown, `has ${warnings.length - shown.length} more dangers than are named here`];
}

/** What carries a warning may need two people: that is said first, before anybody answers. */
export function withQuorum(
  { quorum = 1 }: { readonly quorum?: number | undefined },
  warnings: readonly string[],
): readonly string[] {
  return quorum > 1 && warnings.length > 0 ? [`${quorum} people must approve this`, ...warnings] : warnings;
}
