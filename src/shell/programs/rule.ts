// The form of a rule: which programs, and on which of their arguments, mean which risk.
import type { Invocation } from "../invocation.ts";
import type { Risk } from "../risk.ts";

export interface Rule {
  readonly risk: Risk;
  /** Program names in lower case, separated by spaces. */
  readonly programs: string;
  /** Absent: always. */
  readonly when?: (call: Invocation) => boolean;
}

/** Finds the risks of single programs. */
export function createRuleBook(rules: readonly Rule[]): (call: Invocation) => readonly Risk[] {
  const byProgram = new Map<string, Rule[]>();
  for (const rule of rules) {
    for (const program of rule.programs.split(" ")) {
      byProgram.set(program, [...(byProgram.get(program) ?? []), rule]);
    }
  }
  return (call) => {
    const name = call.name.startsWith("mkfs") ? "mkfs" : call.name;
    const candidates = byProgram.get(name) ?? [];
    return candidates.filter(({ when }) => when?.(call) ?? true).map(({ risk }) => risk);
  };
}
