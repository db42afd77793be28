// Every program run that can be found in a command, in the forms that a policy's rules may name it by. Rules that refuse
// or ask read a command this way: widely.
import { analyse, type CommandAnalysis } from "../shell/analyse.ts";
import { writtenPaths } from "../shell/effects.ts";
import { type Invocation, leadingOptions } from "../shell/invocation.ts";
import { readOptions } from "../shell/options.ts";
import { programOf } from "../shell/programs/programs.ts";

/** Every program run that was found, wrappers and code in strings included. */
export interface FoundCommands {
  /** Each run in every form that a rule may name it by. */
  readonly texts: readonly string[];
  /** Words that may name files. */
  readonly words: readonly string[];
  /** Those among them that are written to. */
  readonly written: readonly string[];
}

/** Places where a subcommand may be; nobody writes more options in front of it. */
const MAX_STARTS = 8;

/** UTF-16 units: above what Linux takes as one argument, which a command of Claude Code's shell is. */
const MAX_SPLIT_LENGTH = 200_000;
/** Every rule asks about the same command. */
const FOUND = new WeakMap<CommandAnalysis, FoundCommands>();

/** Everything that a command can be seen to run. Never throws. */
export function foundCommands(source: string): FoundCommands {
  const analysis = analyse(source);
  const found =
    FOUND.get(analysis) ?? (analysis.extent === "none" ? splitUp(source) : namesOf(source, analysis));
  FOUND.set(analysis, found);
  return found;
}

function namesOf(source: string, { extent, steps }: CommandAnalysis): FoundCommands {
  const calls = steps.flatMap((step) => (step.kind === "code" ? [] : [step.call]));
  const named = calls.flatMap(({ args, redirections }) => [
    ...args,
    ...redirections.map(({ target }) => target),
  ]);
  return {
    texts: [
      ...new Set([
        source.trim(),
        ...calls.flatMap(formsOf),
        ...(extent === "whole" ? [] : fragments(source)),
      ]),
    ],
    words: namesIn(named.map(({ text }) => text)),
    written: calls.flatMap(writtenPaths).map(underHome),
  };
}

/** What may stand in a text about which nothing else is known. */
function splitUp(source: string): FoundCommands {
  const start = source.slice(0, MAX_SPLIT_LENGTH);
  return {
    texts: [start.trim(), ...fragments(start)],
    words: namesIn(start.split(/[\s;&|<>(){}'"`]+/)),
    written: [],
  };
}

/** As written; by its base name; and without the options in front of its first operand. */
function formsOf(call: Invocation): string[] {
  if (call.command === undefined) return [];
  const words = call.args.map(({ text }) => text);
  const { isComplete } = programOf(call.name);
  const options = isComplete ? leadingOptions(call) : readOptions(call.args, { stopAtOperand: true });
  const operands = options.operands.map(({ text }) => text);
  return [
    [call.command.text, ...words],
    [call.name, ...words],
    [call.name, ...operands],
    ...(isComplete ? [] : startsOf(words).map((rest) => [call.name, ...rest])),
  ].map((each) => each.join(" "));
}

/** The words from each that may be the first operand, where it is not known which options take a value. */
function startsOf(words: readonly string[]): (readonly string[])[] {
  const starts: (readonly string[])[] = [];
  for (const [at, word] of words.entries()) {
    if (starts.length >= MAX_STARTS) break;
    if (word.startsWith("-")) continue;
    starts.push(words.slice(at));
    // Only what follows an option may be its value.
    if (!words[at - 1]?.startsWith("-")) break;
  }
  return starts;
}

/** Words, and the names inside them, as in `--file=/x`, `host:/x`, `-F a=@/x`, `-T.env`. */
function namesIn(words: readonly string[]): string[] {
  const names = words.flatMap((word) => [
    word,
    word.replace(/^-[a-zA-Z](?=[~/.])/, ""),
    ...word.split(/[=:@,]+/),
  ]);
  return [...new Set(names.filter(Boolean).map(underHome))];
}

function underHome(name: string): string {
  return name.replace(/^\$(HOME|\{HOME\})(?=\/|$)/, "~");
}

/** What may be commands in a text that the parser did not understand. */
function fragments(source: string): string[] {
  const parts = source.split(/[;&|\n(){}`]+/).map((part) => part.trim());
  return parts.filter((part) => part !== "");
}
