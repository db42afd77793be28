// Rules that name a tool, an agent or a skill.
import { ownToolName, scriptOfTool } from "../domain/own-tool.ts";
import { SHELL_TOOLS } from "../shell/shell-tools.ts";
import type { Matcher } from "./reading.ts";
import { matchesText } from "./wildcard.ts";

/** `Edit` alone covers every tool that changes files, `Read` every tool that reads them, as in Claude Code. */
const GROUPS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["Edit", new Set(["Edit", "Write", "NotebookEdit", "MultiEdit"])],
  ["Read", new Set(["Read", "Glob", "Grep", "LS", "NotebookRead"])],
  ["Bash", SHELL_TOOLS],
  ["Agent", new Set(["Agent", "Task"])],
]);

/** Whether a tool belongs to what a rule's tool name covers. */
export function covers(ruleTool: string, toolName: string): boolean {
  return GROUPS.get(ruleTool)?.has(toolName) ?? whole(ruleTool) === toolName;
}

/** A script may be named as the server offers it: `scripts__deploy`. */
function whole(ruleTool: string): string {
  return scriptOfTool(ruleTool) === undefined ? ruleTool : ownToolName(ruleTool);
}

/** A rule without brackets: a tool, a server of MCP tools, or a name with wildcards. */
export function toolMatcher(name: string): Matcher {
  if (name.includes("*")) return ({ call }) => matchesText(whole(name), call.toolName);
  const isServer = /^mcp__(?:(?!__).)+$/.test(name);
  return ({ call }) => covers(name, call.toolName) || (isServer && call.toolName.startsWith(`${name}__`));
}

/** `Agent(Explore)`, `Skill(commit)`; `Skill(review *)` and `Skill(review:*)` also with arguments. */
export function nameMatcher(toolName: string, field: string, specifier: string): Matcher {
  const pattern = specifier.replace(/( |:)\*$/, "");
  return ({ call }) => {
    const given = call.input[field];
    return covers(toolName, call.toolName) && typeof given === "string" && matchesText(pattern, given.trim());
  };
}
