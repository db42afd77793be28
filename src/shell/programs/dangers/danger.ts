// The form of a row of the dangers: which program, with which words, means which kind of risk. A row says in a sentence
// of its own what is lost; without one the person reads the words of its kind, from risk.ts.
import { type Invocation, optionsOf } from "../../invocation.ts";
import type { Options } from "../../options.ts";
import type { FoundRisk, Risk } from "../../risk.ts";
import { listed } from "../program.ts";
import { programOf } from "../programs.ts";

/** Every condition that is given must hold; without any, the program alone is the danger. */
export interface Danger {
  readonly risk: Risk;
  /** What it does, to stand after "This command …": `deletes a bucket with all that is in it`. True of every call it fits. */
  readonly says?: string;
  /** Its words count only where no other row has words for this kind: for a pattern over many subcommands. */
  readonly otherwise?: true;
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

/** What the conditions look at. */
interface Read {
  readonly call: Invocation;
  readonly options: Options;
  /** Its operands, a blank between them. */
  readonly start: string;
}

/** Whether one condition of a row holds. */
type Condition = (read: Read) => boolean;

interface DangerRow extends Pick<Danger, "risk" | "says" | "otherwise"> {
  readonly conditions: readonly Condition[];
}

/** Finds the dangers of single programs. */
export function createDangerBook(dangers: readonly Danger[]): (call: Invocation) => readonly FoundRisk[] {
  const byProgram = new Map<string, DangerRow[]>();
  for (const danger of dangers) {
    const row = { ...danger, conditions: conditionsOf(danger) };
    for (const program of listed(danger.programs))
      byProgram.set(program, [...(byProgram.get(program) ?? []), row]);
  }
  return (call) => {
    // There is one for each file system: `mkfs.ext4`.
    const rows = byProgram.get(call.name.startsWith("mkfs") ? "mkfs" : call.name) ?? [];
    if (rows.length === 0) return [];
    const options = optionsOf(call);
    const read = { call, options, start: options.operands.map(({ text }) => text).join(" ") };
    return sayMost(rows.filter(({ conditions }) => conditions.every((isMet) => isMet(read))));
  };
}

/** Of one call, only the rows that say most of each kind: words of their own, and not those of a pattern where others are. */
function sayMost(met: readonly DangerRow[]): readonly FoundRisk[] {
  const weight = ({ says, otherwise }: DangerRow) => (says === undefined ? 0 : otherwise ? 1 : 2);
  return met
    .filter((row) => met.every((other) => other.risk !== row.risk || weight(other) <= weight(row)))
    .map(({ risk, says }) => ({ risk, says }));
}

function conditionsOf(danger: Danger): readonly Condition[] {
  const { on, notOn, options, also, unless, operand, word, notWord, when } = danger;
  const start = typeof on === "string" ? wordsAtStart(on) : on;
  const anyOf = (list: string): Condition => {
    const names = listed(list);
    return ({ options: given }) => given.has(...names);
  };
  const anyWord =
    (pattern: RegExp): Condition =>
    ({ call }) =>
      call.args.some(({ text }) => pattern.test(text));
  const atStart =
    (pattern: RegExp): Condition =>
    (read) =>
      pattern.test(read.start);
  return [
    ...(start ? [atStart(start)] : []),
    ...(notOn ? [not(atStart(notOn))] : []),
    ...(options ? [anyOf(options)] : []),
    ...(also ? [anyOf(also)] : []),
    ...(operand ? [anyOperandBehind(operand)] : []),
    ...(word ? [anyWord(word)] : []),
    ...(notWord ? [not(anyWord(notWord))] : []),
    ...(when ? [({ call }: Read) => when(call)] : []),
    ...(unless ? [not(switchedOn(danger, unless))] : []),
  ];
}

function not(condition: Condition): Condition {
  return (read) => !condition(read);
}

function anyOperandBehind(pattern: RegExp): Condition {
  return ({ options }) => options.operands.slice(1).some(({ text }) => pattern.test(text));
}

/** Whether one of the options is there that take the danger away; in doubt it is not. */
function switchedOn({ programs, options, also }: Danger, list: string): Condition {
  const names = listed(list);
  const flags = new Set([...FLAGS, ...listed(options), ...listed(also)]);
  const isKnown = listed(programs).every((name) => programOf(name).isComplete);
  const isFlag = (word: string) =>
    isKnown ||
    flags.has(word) ||
    (/^-[a-zA-Z]+$/.test(word) && [...word.slice(1)].every((letter) => flags.has(`-${letter}`)));
  return ({ options: given }) => given.isOn(names, isFlag);
}

/** Options that take no value, unless a program's row says that they do. */
const FLAGS = listed(
  "-a -d -f -i -n -q -r -t -v -x -y -R --all --debug --delete --force --quiet --recursive --verbose --yes --auto-approve",
);

/** Whole words, so that `push` is not the start of `push-all`. */
function wordsAtStart(alternatives: string): RegExp {
  const quoted = alternatives.split(", ").map((each) => each.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^(?:${quoted.join("|")})(?: |$)`);
}
