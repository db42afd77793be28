// One program run as a command line states it: its name, its words, where its input and output go.
import { type OptionForm, type Options, readOptions } from "./options.ts";
import type { Flow, ShellWord } from "./shell-word.ts";

/** What a command reads from standard input, where the command line says so. */
export interface Input {
  readonly flow: Flow;
  /** The text itself, from a here-document, a here-string or an `echo`, when it is known. */
  readonly text?: string;
  /** From a file on the disk: `< file`. */
  readonly fromFile?: boolean;
}

export interface Redirection {
  readonly writes: boolean;
  /** Empty when it names no file. */
  readonly target: ShellWord;
  /** What it makes of standard input. */
  readonly input?: Input;
}

export interface Invocation {
  /** The program's base name in lower case (some file systems ignore case), empty for bare assignments. */
  readonly name: string;
  /** The name as a word; absent for bare assignments and redirections. */
  readonly command?: ShellWord;
  readonly args: readonly ShellWord[];
  /** `NAME=value` in front of the command. */
  readonly assignments: readonly ShellWord[];
  readonly redirections: readonly Redirection[];
  /** Absent when it reads what the caller reads. */
  readonly input?: Input;
}

/** The same surroundings, another program: what a wrapper runs. */
export function invocationOf(
  words: readonly ShellWord[],
  around: Pick<Invocation, "assignments" | "redirections" | "input">,
): Invocation {
  const [command, ...args] = words;
  const { assignments, redirections, input } = around;
  const parts = { args, assignments, redirections, ...(input && { input }) };
  return command === undefined ? { name: "", ...parts } : { name: baseName(command.text), command, ...parts };
}

/** `/usr/bin/RM` → `rm`; `python3.12` → `python`: the rules name programs, not their versions. zsh knows `=rm`. */
export function baseName(path: string): string {
  const name = path
    .slice(path.lastIndexOf("/") + 1)
    .replace(/^=/, "")
    .toLowerCase();
  return /^(python|pypy|perl|ruby|node|php|pip|lua)[\d.]+$/.exec(name)?.[1] ?? name;
}

export function optionsOf(invocation: Invocation, form?: OptionForm): Options {
  return readOptions(invocation.args, form);
}

/** Operands as text: a subcommand first, for programs that have them. */
export function operandTexts(options: Options): readonly string[] {
  return options.operands.map(({ text }) => text);
}

export function isOneOf(names: string): (name: string) => boolean {
  const set = new Set(names.split(" "));
  return (name) => set.has(name);
}
