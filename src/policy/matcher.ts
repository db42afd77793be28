// One rule as a question to a call. Rules that refuse or ask read a call widely, rules that allow read it narrowly:
// a doubt never allows.
import { REQUEST_TOOL } from "../domain/request-approval.ts";
import { commandProblem, wideCommand } from "./command-rule.ts";
import { hostMatcher } from "./host-rule.ts";
import { nameMatcher, toolMatcher } from "./name-rule.ts";
import { pathMatcher } from "./path-rule.ts";
import type { PolicyContext } from "./policy-context.ts";
import type { Matcher, Reading } from "./reading.ts";
import type { RuleText } from "./rule-text.ts";
import { matchesText } from "./wildcard.ts";

/**
 * Rules with a command are read only widely here: `coverLine` says which of them allow a line together.
 * @returns the matcher, or what is wrong with the rule
 */
export function createMatcher(rule: RuleText, reading: Reading, context: PolicyContext): Matcher | string {
  const { toolName, specifier } = rule;
  if (specifier === undefined) return toolMatcher(toolName);
  switch (toolName) {
    case "Bash":
      return commandProblem(specifier) ?? wideCommand(specifier);
    case "Edit":
    case "Read":
      return pathMatcher(toolName, specifier, reading, context);
    case "Write":
    case "NotebookEdit":
    case "MultiEdit":
      return `names a path for ${toolName}: Claude Code reads paths in Edit(…) only, which covers ${toolName}`;
    case "Glob":
    case "Grep":
    case "LS":
    case "NotebookRead":
      return `names a path for ${toolName}: Claude Code reads paths in Read(…) only, which covers ${toolName}`;
    case "WebFetch":
      return hostMatcher(specifier, reading);
    case "Agent":
      return nameMatcher(toolName, "subagent_type", specifier);
    case "Skill":
      return nameMatcher(toolName, "skill", specifier);
    case REQUEST_TOOL:
      return ({ call }) =>
        call.toolName === REQUEST_TOOL &&
        matchesText(specifier.toLowerCase(), String(call.input["action"]).toLowerCase());
    default:
      return `cannot be read: ${toolName} takes nothing in brackets here`;
  }
}
