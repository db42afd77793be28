// The words of usage and help, made of the table of commands. Prints nothing itself.
import { Help } from "commander";
import { PROGRAM } from "../domain/own-command.ts";
import type { CommandForm, CommandRow } from "./command.ts";
import { EXIT_TABLE } from "./exit.ts";

/** How the command was started, and so how its usage is written: `npm run ask -- …` or `approval-server ask …`. */
export type Start = "npm" | "approval-server";

/** Where help is wrapped, in columns. */
export const HELP_WIDTH = 100;

/** One line for each way to call it. */
export function usageLines(command: CommandRow, start: Start, verb?: CommandForm): string[] {
  const forms = verb === undefined ? (command.verbs ?? [undefined]) : [verb];
  return forms.map((form) => {
    const words = [...(form === undefined ? [] : [form.name]), ...wordsOf(form ?? command)];
    return called(command, start, words);
  });
}

/** Where to read more. */
export function helpHint(command: CommandRow, start: Start, verb?: CommandForm): string {
  return called(command, start, [...(verb === undefined ? [] : [verb.name]), "--help"]);
}

/** What is said about a command that was called wrongly. */
export function usageText(usage: readonly string[], problem: string, hint: string): string {
  return `Usage: ${usage.join("\n       ")}\n\n${problem} See: ${hint}\n`;
}

/** Notes and examples, below the options. */
export function closingText(command: CommandRow, start: Start, verb?: CommandForm): string {
  const notes = (verb?.notes ?? command.notes ?? []).map((note) => new Help().boxWrap(note, HELP_WIDTH));
  const examples = command.examples
    .filter((example) => verb === undefined || example.startsWith(verb.name))
    .map((example) => `  ${called(command, start, example === "" ? [] : [example])}`);
  return `\n${[...notes, ["Examples:", ...examples].join("\n")].join("\n\n")}`;
}

/** The exit codes of every command. */
export function exitText(): string {
  const rows = EXIT_TABLE.map(({ code, meaning }) => `  ${String(code).padEnd(4)}${meaning}`);
  return ["Exit codes (those of ask: see there):", ...rows].join("\n");
}

function wordsOf({ arguments: args = [], options = [] }: CommandForm): string[] {
  const [first, ...more] = options;
  return [
    ...args.map(({ name, isOptional }) => (isOptional ? `[${name}]` : `<${name}>`)),
    ...(first === undefined ? [] : [more.length > 0 ? "[options]" : `[${first.flags}]`]),
  ];
}

/** npm hands on what stands behind `--`. */
function called({ name, npm }: CommandRow, start: Start, words: readonly string[]): string {
  if (start === "approval-server" || npm === undefined) return [PROGRAM, name, ...words].join(" ");
  if (words.length === 0) return npm;
  const [only = "", ...others] = words;
  if (!words.every((word) => word.startsWith("["))) return `${npm} -- ${words.join(" ")}`;
  return `${npm} [-- ${others.length === 0 ? only.slice(1, -1) : words.join(" ")}]`;
}
