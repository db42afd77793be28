// What can stand at each place of a command line, read from the table of commands: the same for every shell.
import type { CommandForm, CommandOption, CommandRow } from "../command.ts";
import { DIR, HELP, VERSION } from "../general-options.ts";

interface Described {
  readonly word: string;
  readonly about: string;
}

/** What an option's value is: one of a list, a path, or anything. */
type ValueKind = "folder" | "file" | "choice" | "free";

export interface CompletedOption extends Described {
  /** Absent when it takes none, or when the value may be left out. */
  readonly value?: { readonly kind: ValueKind; readonly choices: readonly string[] } | undefined;
}

/** A place of the line: the program itself, a command, or one of its verbs. */
export interface CompletedForm {
  /** `""`, `policy`, `policy test` */
  readonly name: string;
  /** Commands or verbs. */
  readonly next: readonly Described[];
  readonly options: readonly CompletedOption[];
  /** Words that its argument may be. */
  readonly choices: readonly string[];
  /** Its argument is a file. */
  readonly takesFile: boolean;
}

export function completedForms(commands: readonly CommandRow[]): CompletedForm[] {
  const forms = commands.flatMap((command) => [
    formOf(command.name, command, command.verbs),
    ...(command.verbs ?? []).map((verb) => formOf(`${command.name} ${verb.name}`, verb)),
  ]);
  return [formOf("", { name: "", summary: "" }, commands), ...forms];
}

function formOf(name: string, form: CommandForm, next: readonly CommandForm[] = []): CompletedForm {
  const general = name === "" ? [DIR, VERSION, HELP] : [DIR, HELP];
  return {
    name,
    next: next.map((each) => ({ word: each.name, about: each.summary })),
    options: [...(form.options ?? []), ...general].map(optionOf),
    choices: form.arguments?.flatMap(({ choices = [] }) => choices) ?? [],
    takesFile: form.arguments?.some((argument) => argument.name === "file") === true,
  };
}

function optionOf({ flags, about, choices = [] }: CommandOption): CompletedOption {
  const word = /--[\w-]+/.exec(flags)?.[0] ?? flags;
  const [, value] = /<(.*)>$/.exec(flags) ?? [];
  const shown = about.split(/[;:]/)[0] ?? about;
  if (value === undefined) return { word, about: shown };
  return { word, about: shown, value: { kind: kindOf(value, choices), choices } };
}

function kindOf(value: string, choices: readonly string[]): ValueKind {
  if (choices.length > 0) return "choice";
  if (value === "folder" || value === "path") return "folder";
  return value === "file" ? "file" : "free";
}

/** A word of a shell, whatever stands in it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The steps from one place to the next, `" policy"`, `"policy test"`: the place that is left, a space, the word. */
export function steps(forms: readonly CompletedForm[]): string[] {
  return forms.flatMap(({ name, next }) => next.map(({ word }) => `${name} ${word}`));
}
