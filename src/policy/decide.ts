// What a policy says about one call. Deny before ask before allow, whatever the order in the file; without a match, ask.

import type { PolicyDecision } from "../core/ports/policy.ts";
import type { Submission } from "../domain/submission.ts";
import { coverLine } from "./command-rule.ts";
import type { CompiledPolicy, CompiledRule } from "./compile.ts";

/** Between the rules that allow a line of several commands together. */
const AND = " + ";

/** @param mayAllow whether rules that allow are in force */
export function decideByRules(
  { deny, ask, allow, allowCommands }: CompiledPolicy,
  submission: Submission,
  mayAllow = true,
): PolicyDecision & { readonly rule?: string } {
  const denying = deny.filter((rule) => rule.scope(submission) !== "no" && rule.matches(submission));
  const denied = denying.find((rule) => rule.scope(submission) === "yes");
  if (denied !== undefined) return blockedBy(denied);
  // A rule for certain projects, and a caller that does not say where it works: a person sees it.
  const [unsure] = denying;
  const asked = unsure ?? ask.find((rule) => rule.scope(submission) !== "no" && rule.matches(submission));
  if (asked !== undefined) return { kind: "ask", rule: asked.text };
  if (!mayAllow) return { kind: "ask" };
  const isInScope = (rule: Pick<CompiledRule, "scope">) => rule.scope(submission) === "yes";
  const allowed = allow.find((rule) => isInScope(rule) && rule.matches(submission));
  if (allowed !== undefined) return { kind: "allow", rule: allowed.text };
  const together = coverLine(submission, allowCommands.filter(isInScope));
  if (together === undefined) return { kind: "ask" };
  return { kind: "allow", rule: together.map(({ text }) => text).join(AND) };
}

function blockedBy({ text, message }: CompiledRule): PolicyDecision {
  return { kind: "deny", rule: text, ...(message !== undefined && { message }) };
}
