// A compiled policy, and calls to ask it about: without a server, on a machine whose home is /home/me.

import { normalize } from "node:path/posix";
import { parseConfig } from "../../src/config/config.ts";
import { homeIn } from "../../src/config/home.ts";
import type { PolicyDecision } from "../../src/core/ports/policy.ts";
import type { Submission } from "../../src/domain/submission.ts";
import { type CompiledPolicy, compilePolicy } from "../../src/policy/compile.ts";
import { decideByRules } from "../../src/policy/decide.ts";
import type { PolicyContext } from "../../src/policy/policy-context.ts";
import { policyContext } from "../../src/server/guards.ts";

export const HOME = "/home/me";
export const PROJECT = "/home/me/web-shop";

/** As on a machine without links. */
export const CONTEXT: PolicyContext = {
  ...policyContext(parseConfig({}), {
    root: "/srv/approval",
    home: homeIn("/srv/approval"),
    personHome: HOME,
  }),
  realPath: (path) => normalize(path),
};

export interface Group {
  readonly decision: "allow" | "ask" | "deny";
  readonly rules: readonly string[];
  readonly [key: string]: unknown;
}

export function policyText(rules: readonly Group[], more: object = {}): string {
  return JSON.stringify({ version: 1, rules, ...more });
}

/** What is wrong with a policy; empty when nothing is. */
export function problemsOf(text: string, context = CONTEXT): readonly string[] {
  const compiled = compilePolicy(text, context);
  return compiled.ok ? [] : compiled.problems;
}

export function compiled(rules: readonly Group[], context = CONTEXT): CompiledPolicy {
  const result = compilePolicy(policyText(rules), context);
  if (!result.ok) throw new Error(result.problems.join("\n"));
  return result.policy;
}

export function submissionOf(
  toolName: string,
  input: Readonly<Record<string, unknown>>,
  changed: Partial<Submission> = {},
): Submission {
  return { call: { toolName, input }, door: "mcp", project: "web-shop", cwd: PROJECT, ...changed };
}

export const bash = (command: string, changed: Partial<Submission> = {}) =>
  submissionOf("Bash", { command }, changed);

/** What one group of rules decides of a call. */
export function decide(
  groups: Group | readonly Group[],
  submission: Submission,
  context = CONTEXT,
): PolicyDecision["kind"] {
  const rules: readonly Group[] = "decision" in groups ? [groups as Group] : (groups as readonly Group[]);
  return decideByRules(compiled(rules, context), submission).kind;
}
