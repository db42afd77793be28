// The text of policy.json as rules that can be asked, or every problem in it at once, each with its place.
import { readAs } from "../core/read-as.ts";
import { type CommandTest, narrowCommand } from "./command-rule.ts";
import { duplicateKeys } from "./duplicate-keys.ts";
import { whyTooBroad } from "./lint.ts";
import { createMatcher } from "./matcher.ts";
import type { PolicyContext } from "./policy-context.ts";
import type { Matcher } from "./reading.ts";
import { type RuleText, readRuleText } from "./rule-text.ts";
import { type PolicyGroup, pathText, policySchema } from "./schema.ts";
import { createScope } from "./scope.ts";

export interface CompiledRule {
  /** As its author wrote it. */
  readonly text: string;
  readonly scope: ReturnType<typeof createScope>;
  readonly matches: Matcher;
  readonly message?: string | undefined;
}

/** A rule for commands, which must allow every command of a line together with the others. */
interface CommandRule extends Omit<CompiledRule, "matches"> {
  readonly accepts: CommandTest;
}

export interface CompiledPolicy {
  readonly deny: readonly CompiledRule[];
  readonly ask: readonly CompiledRule[];
  readonly allow: readonly CompiledRule[];
  readonly allowCommands: readonly CommandRule[];
  readonly maxApprovals?: number | undefined;
  /** How many people must approve what carries a warning; absent: one. */
  readonly quorum?: number | undefined;
}

export type Compiled =
  | { readonly ok: true; readonly policy: CompiledPolicy }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Never throws, whatever the text is. */
export function compilePolicy(text: string, context: PolicyContext): Compiled {
  let json: unknown;
  try {
    // Some editors put a byte order mark in front.
    json = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    return { ok: false, problems: [`is not valid JSON: ${error instanceof Error ? error.message : ""}`] };
  }
  const twice = duplicateKeys(text);
  if (twice.length > 0)
    return {
      ok: false,
      problems: twice.map((key) => `has the key "${key}" twice in one place: put them together`),
    };
  const parsed = readAs(policySchema, json);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => {
      const place = pathText(path);
      return place === "" ? message : `${place}: ${message}`;
    });
    return { ok: false, problems };
  }
  const { rules: groups, max_approvals_per_session: maxApprovals, quorum } = parsed.data;
  const problems: string[] = [];
  const lists = { deny: [], ask: [], allow: [], allowCommands: [] } as {
    deny: CompiledRule[];
    ask: CompiledRule[];
    allow: CompiledRule[];
    allowCommands: CommandRule[];
  };
  for (const [at, group] of groups.entries()) {
    const base = {
      scope: createScope(group, group.decision === "allow", context),
      message: group.message,
    };
    for (const [index, written] of group.rules.entries()) {
      const place = pathText(["rules", at, "rules", index]);
      const rule = readRuleText(written);
      const problem = typeof rule === "string" ? rule : addRule(rule, group, base);
      if (problem !== undefined) problems.push(`${place}: ${written} ${problem}`);
    }
  }
  return problems.length > 0
    ? { ok: false, problems }
    : { ok: true, policy: { ...lists, maxApprovals, quorum } };

  /** @returns what is wrong with the rule */
  function addRule(
    rule: RuleText,
    { decision }: PolicyGroup,
    base: Omit<CompiledRule, "text" | "matches">,
  ): string | undefined {
    const matches = createMatcher(rule, decision === "allow" ? "narrow" : "wide", context);
    if (typeof matches === "string") return matches;
    const { text, toolName, specifier } = rule;
    if (decision !== "allow") {
      lists[decision].push({ ...base, text, matches });
      return undefined;
    }
    const broad = whyTooBroad(rule, context);
    if (broad !== undefined) return broad;
    if (toolName === "Bash" && specifier !== undefined)
      lists.allowCommands.push({ ...base, text, accepts: narrowCommand(specifier, context) });
    else lists.allow.push({ ...base, text, matches });
    return undefined;
  }
}
