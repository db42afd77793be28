// The form of a row of the dangers: which program, with which words, means which risk. What a person reads of it is in
// risk.ts; a danger that needs words of its own is a new risk there, which is one line too.
import { type Invocation, optionsOf } from "../../invocation.ts";
import type { Options } from "../../options.ts";
import type { Risk } from "../../risk.ts";
import { listed } from "../program.ts";

/** Every condition that is given must hold; without any, the program alone is the danger. */
export interface Danger {
  readonly risk: Risk;
  /** Program names in lower case, separated by spaces. */
  readonly programs: string;
  /** What its operands start with, whole words, alternatives separated by commas: `stash drop, stash clear`. */
  readonly on?: string | RegExp;
  /** What its operands must not start with. */
  readonly notOn?: RegExp;
  /** One of these options must be there, also cut short or in a cluster. */
  readonly options?: string;
  /** And one of these. */
  readonly also?: string;
  /** None of these options may be there. */
  readonly unless?: string;
  /** An operand behind the first must match. */
  readonly operand?: RegExp;
  /** Any argument must match, options included. */
  readonly word?: RegExp;
  /** No argument may match. */
  readonly notWord?: RegExp;
  /** For what a row cannot say: see the reason at each. */
  readonly when?: (call: Invocation) => boolean;
}

/** Finds the risks of single programs. */
export function createDangerBook(dangers: readonly Danger[]): (call: Invocation) => readonly Risk[] {
  const byProgram = new Map<string, ((call: Invocation, options: Options) => Risk | undefined)[]>();
  for (const danger of dangers) {
    const test = compile(danger);
    for (const program of listed(danger.programs))
      byProgram.set(program, [...(byProgram.get(program) ?? []), test]);
  }
  return (call) => {
    const tests = byProgram.get(call.name.startsWith("mkfs") ? "mkfs" : call.name);
    if (tests === undefined) return [];
    const options = optionsOf(call);
    return tests.map((test) => test(call, options)).filter((risk) => risk !== undefined);
  };
}

function compile(danger: Danger): (call: Invocation, options: Options) => Risk | undefined {
  const { risk, notOn, operand, word, notWord, when } = danger;
  const on = typeof danger.on === "string" ? startOf(danger.on) : danger.on;
  const [needed, also, unless] = [danger.options, danger.also, danger.unless].map(listed);
  return (call, { operands, has }) => {
    const words = operands.map(({ text }) => text);
    const start = words.join(" ");
    const isMet =
      (on?.test(start) ?? true) &&
      !notOn?.test(start) &&
      (needed?.length === 0 || has(...(needed ?? []))) &&
      (also?.length === 0 || has(...(also ?? []))) &&
      !has(...(unless ?? [])) &&
      (operand === undefined || words.slice(1).some((text) => operand.test(text))) &&
      (word === undefined || call.args.some(({ text }) => word.test(text))) &&
      !(notWord !== undefined && call.args.some(({ text }) => notWord.test(text))) &&
      (when?.(call) ?? true);
    return isMet ? risk : undefined;
  };
}

/** Whole words, so that `push` is not the start of `push-all`. */
function startOf(alternatives: string): RegExp {
  const quoted = alternatives.split(", ").map((each) => each.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^(?:${quoted.join("|")})(?: |$)`);
}
