// One program run as a command line states it: its name, its words, where its input and output go.
import { joinOptions, type Options, readOptions } from "./options.ts";
import { listed } from "./programs/program.ts";
import { programOf } from "./programs/programs.ts";
import type { Flow, ShellWord } from "./shell-word.ts";

/** What a command reads from standard input, where the command line says so. */
export interface Input {
  readonly flow: Flow;
  /** The text itself, from a here-document, a here-string or an `echo`, when it is known. */
  readonly text?: string | undefined;
  /** From a file on the disk: `< file`. */
  readonly fromFile?: boolean | undefined;
}

export interface Redirection {
  readonly writes: boolean;
  /** Whether it empties the file first. */
  readonly truncates?: boolean | undefined;
  /** Empty when it names no file. */
  readonly target: ShellWord;
  /** What it makes of standard input. */
  readonly input?: Input | undefined;
  /** Whether it makes standard input of another descriptor: `<&3`. */
  readonly isOpened?: boolean | undefined;
  /** What comes in through another descriptor from now on: `3< file`. */
  readonly opens?: Flow | undefined;
}

export interface Invocation {
  /** The program's base name in lower case (some file systems ignore case), empty for bare assignments. */
  readonly name: string;
  /** The name as a word; absent for bare assignments and redirections. */
  readonly command?: ShellWord | undefined;
  readonly args: readonly ShellWord[];
  /** `NAME=value` in front of the command. */
  readonly assignments: readonly ShellWord[];
  readonly redirections: readonly Redirection[];
  /** Absent when it reads what the caller reads. */
  readonly input?: Input | undefined;
}

/** The same surroundings, another program: what a wrapper runs. */
export function invocationOf(
  words: readonly ShellWord[],
  around: Pick<Invocation, "assignments" | "redirections" | "input">,
): Invocation {
  const [command, ...args] = words;
  const { assignments, redirections, input } = around;
  const name = command === undefined ? "" : baseName(command.text);
  return { name, command, args, assignments, redirections, input };
}

/** `/usr/bin/RM` → `rm`; `python3.12` → `python`, `prisma@5` → `prisma`: the rules name programs, not their versions. zsh knows `=rm`. */
export function baseName(path: string): string {
  // Most names: nothing of them is a folder, a version or an ending.
  if (/^[a-z_-]+$/.test(path)) return path;
  const name = path
    .slice(path.lastIndexOf("/") + 1)
    .replace(/^=/, "")
    .toLowerCase()
    .replace(/\.(exe|cmd|com|bat)$/, "")
    .replace(/(.)@[\w.^~*-]+$/, "$1");
  return /^(python|pypy|perl|ruby|node|php|pip|lua)[\d.]+$/.exec(name)?.[1] ?? name;
}

/**
 * The arguments, read by what the tables know of the program's options.
 * @param more options that take a value, besides those of the program's row
 */
export function optionsOf(call: Invocation, more = ""): Options {
  return readOnce(WHOLE, call, more, () => readWhole(call, more));
}

function readWhole({ name, args }: Invocation, more: string): Options {
  const { valued, attached, subcommands, stops } = programOf(name);
  if (subcommands === undefined)
    return readOptions(args, {
      valued: optionSet(joined(valued, more)),
      attached: optionSet(attached),
      stopAtOperand: stops,
    });
  const outer = readOptions(args, { valued: optionSet(valued), stopAtOperand: true });
  const [subcommand, ...rest] = outer.operands;
  if (subcommand === undefined) return outer;
  const { text } = subcommand;
  const own = Object.hasOwn(subcommands, text) ? subcommands[text] : undefined;
  return joinOptions(outer, subcommand, readOptions(rest, { valued: optionSet(joined(own, more)) }));
}

/** The arguments up to the first operand: all that follows is an operand. @param more further options with a value */
export function leadingOptions(call: Invocation, more = ""): Options {
  return readOnce(LEADING, call, more, () => readOptions(call.args, leadingForm(call.name, more)));
}

/** By what takes a value besides: lists of the tables, so that there are few. */
type KnownOptions = WeakMap<Invocation, Map<string, Options>>;
/** Several ask the same of one call. */
const WHOLE: KnownOptions = new WeakMap();
const LEADING: KnownOptions = new WeakMap();

function readOnce(known: KnownOptions, call: Invocation, more: string, read: () => Options): Options {
  const ofCall = known.get(call) ?? new Map<string, Options>();
  if (ofCall.size === 0) known.set(call, ofCall);
  const options = ofCall.get(more) ?? read();
  ofCall.set(more, options);
  return options;
}

/**
 * What follows a subcommand, `exec` or `bisect run`, whatever options stand in between; undefined where it is another.
 * @param more options that take a value, besides those of the program's row
 */
export function wordsAfter(
  call: Invocation,
  subcommand: string,
  more?: string,
): readonly ShellWord[] | undefined {
  let words = leadingOptions(call, more).operands;
  for (const part of subcommand.split(" ")) {
    if (words[0]?.text !== part) return undefined;
    words = readOptions(words.slice(1), leadingForm(call.name, more)).operands;
  }
  return words;
}

function leadingForm(name: string, more = "") {
  return { valued: optionSet(joined(programOf(name).valued, more)), stopAtOperand: true };
}

function joined(list = "", more = ""): string {
  if (more === "") return list;
  return list === "" ? more : `${list} ${more}`;
}

/** Lists of the tables only, so that there are few. */
const SETS = new Map<string, ReadonlySet<string>>();

function optionSet(list = ""): ReadonlySet<string> {
  const set = SETS.get(list) ?? new Set(listed(list));
  SETS.set(list, set);
  return set;
}

/** Operands as text: a subcommand first, for programs that have them. */
export function operandTexts(call: Invocation): readonly string[] {
  return optionsOf(call).operands.map(({ text }) => text);
}
