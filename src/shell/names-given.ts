// Names that a command gives a meaning of its own: functions and aliases. What the tables know of such a name no longer counts.
import { forEachChild, type SyntaxNode } from "unbash";
import { programOf } from "./programs/programs.ts";
import { readsText, writesText } from "./programs/text-readers.ts";
import type { Step } from "./walk.ts";

export const NONE_GIVEN: ReadonlySet<string> = new Set();

/** @returns the names of functions; undefined where not all can be told, or one is the name of a known program */
export function namesGiven(steps: readonly Step[], script: SyntaxNode): ReadonlySet<string> | undefined {
  if (steps.some((step) => step.kind === "run" && /^(alias|enable|hash)$/.test(step.call.name)))
    return undefined;
  const names = new Set<string>();
  const waiting: SyntaxNode[] = [script];
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    if (part.type === "Function") names.add(part.name.value.toLowerCase());
    forEachChild(part, (child) => void waiting.push(child));
  }
  if (names.size === 0) return NONE_GIVEN;
  const isKnown = (name: string) =>
    readsText(name) || writesText(name) || programOf(name).names !== "" || DECLARES.has(name);
  return [...names].some(isKnown) ? undefined : names;
}

/** Their operands are assignments. */
export const DECLARES: ReadonlySet<string> = new Set(["export", "declare", "typeset", "local", "readonly"]);
