// The form of a row of the dangers: which program, with which words, means which risk. The words that a person reads are
// in risk.ts; a danger that needs words of its own is a new risk there, which is one line too.
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

/** Whether one condition of a row holds. */
type Condition = (call: Invocation, options: Options) => boolean;

/** Finds the risks of single programs. */
export function createDangerBook(dangers: readonly Danger[]): (call: Invocation) => readonly Risk[] {
  const byProgram = new Map<string, { readonly risk: Risk; readonly conditions: readonly Condition[] }[]>();
  for (const danger of dangers) {
    const row = { risk: danger.risk, conditions: conditionsOf(danger) };
    for (const program of listed(danger.programs))
      byProgram.set(program, [...(byProgram.get(program) ?? []), row]);
  }
  return (call) => {
    // There is one for each file system: `mkfs.ext4`.
    const rows = byProgram.get(call.name.startsWith("mkfs") ? "mkfs" : call.name) ?? [];
    if (rows.length === 0) return [];
    const options = optionsOf(call);
    return rows
      .filter(({ conditions }) => conditions.every((isMet) => isMet(call, options)))
      .map(({ risk }) => risk);
  };
}

function conditionsOf(danger: Danger): readonly Condition[] {
  const { on, notOn, options, also, unless, operand, word, notWord, when } = danger;
  const start = typeof on === "string" ? wordsAtStart(on) : on;
  const anyOf = (list: string): Condition => {
    const names = listed(list);
    return (_, given) => given.has(...names);
  };
  const anyWord =
    (pattern: RegExp): Condition =>
    ({ args }) =>
      args.some(({ text }) => pattern.test(text));
  const atStart =
    (pattern: RegExp): Condition =>
    (_, { operands }) =>
      pattern.test(operands.map(({ text }) => text).join(" "));
  return [
    ...(start ? [atStart(start)] : []),
    ...(notOn ? [not(atStart(notOn))] : []),
    ...(options ? [anyOf(options)] : []),
    ...(also ? [anyOf(also)] : []),
    ...(unless ? [not(anyOf(unless))] : []),
    ...(operand ? [anyOperandBehind(operand)] : []),
    ...(word ? [anyWord(word)] : []),
    ...(notWord ? [not(anyWord(notWord))] : []),
    ...(when ? [when] : []),
  ];
}

function not(condition: Condition): Condition {
  return (call, options) => !condition(call, options);
}

function anyOperandBehind(pattern: RegExp): Condition {
  return (_, { operands }) => operands.slice(1).some(({ text }) => pattern.test(text));
}

/** Whole words, so that `push` is not the start of `push-all`. */
function wordsAtStart(alternatives: string): RegExp {
  const quoted = alternatives.split(", ").map((each) => each.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^(?:${quoted.join("|")})(?: |$)`);
}
