// Claude Code's rule syntax as text: `Tool` or `Tool(specifier)`.

export interface RuleText {
  /** As its author wrote it. */
  readonly text: string;
  readonly toolName: string;
  /** What stands in the brackets; absent when the whole tool is meant. */
  readonly specifier?: string | undefined;
}

const RULE = /^([A-Za-z*][\w*-]*)(?:\((.*)\))?$/s;
/** More make a rule that nobody can judge. */
const MAX_WILDCARDS = 8;

/** Tools that Claude Code has under another name. */
const ALIASES: ReadonlyMap<string, string> = new Map([["Task", "Agent"]]);

/** @returns the rule, or what is wrong with it */
export function readRuleText(text: string): RuleText | string {
  const [whole, name = "", specifier] = RULE.exec(text) ?? [];
  if (whole === undefined) return "is not a rule: write Tool or Tool(specifier), e.g. Bash(npm run build)";
  if (specifier !== undefined && specifier.trim() === "")
    return "has nothing in its brackets: leave them out to name the whole tool";
  if (specifier !== undefined && specifier !== specifier.trim())
    return "has blanks at an end of what stands in its brackets";
  if ((text.match(/\*+/g) ?? []).length > MAX_WILDCARDS) return `has more than ${MAX_WILDCARDS} wildcards`;
  if (specifier !== undefined && name.includes("*")) return "has a wildcard in the tool's name and brackets";
  const toolName = ALIASES.get(name) ?? name;
  // Claude Code reads Tool(*) as Tool.
  return { text, toolName, specifier: /^(\*|:\*)$/.test(specifier ?? "") ? undefined : specifier };
}
