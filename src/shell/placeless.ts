// Whether a command does the same in whatever folder it is started. Said only of what is known: a doubt is a no.
import type { ParsedScript } from "unbash";
import type { PlainCommand } from "./plain-commands.ts";
import { PLACELESS, type Placeless } from "./programs/placeless.ts";
import { listed } from "./programs/program.ts";

const BY_NAME = new Map(PLACELESS.flatMap((row) => listed(row.names).map((name) => [name, row] as const)));

/** @param plain the script's commands, where it is nothing but plain ones */
export function isPlaceless(script: ParsedScript, plain: readonly PlainCommand[] | undefined): boolean {
  if (plain === undefined) return false;
  return beginsWithFolder(script, plain) || plain.every(isPlacelessCommand);
}

/** `cd /srv/shop && npm test`: all that follows runs there, or not at all. */
function beginsWithFolder({ commands }: ParsedScript, [first]: readonly PlainCommand[]): boolean {
  const [statement, ...others] = commands;
  if (statement?.command.type !== "AndOr" || others.length > 0 || first === undefined) return false;
  if (statement.command.operators.some((operator) => operator !== "&&")) return false;
  // A pipe has its own shells: the `cd` in it moves nobody else.
  if (statement.command.commands[0]?.type !== "Command") return false;
  return first.words.length === 2 && first.words[0] === "cd" && isInFull(first, 1);
}

function isPlacelessCommand(command: PlainCommand): boolean {
  const row = BY_NAME.get((command.words[0] ?? "").replace(/^(\/usr)?\/bin\//, ""));
  if (row === undefined) return false;
  const read = readArguments(command, row);
  if (read === undefined) return false;
  const files = filesOf(row, read.operands);
  if (files === undefined || !files.every((at) => isInFull(command, at))) return false;
  const { takesFolder = "" } = row;
  const isForFolder =
    takesFolder === true || [...takesFolder].some((letter) => read.letters.includes(letter));
  if (isForFolder && files.length === 0) return false;
  return (
    row.operands !== "addresses" || read.operands.every((at) => /^https?:\/\//.test(command.words[at] ?? ""))
  );
}

/** Where the operands stand, and the letters of the options; undefined where an option is not known. */
function readArguments(
  { words }: PlainCommand,
  { flags = "", numbers = "", long = "", operands: kind }: Placeless,
): { readonly operands: readonly number[]; readonly letters: string } | undefined {
  const operands: number[] = [];
  let letters = "";
  for (let at = 1; at < words.length; at += 1) {
    const word = words[at] ?? "";
    if (kind === "text" || !/^-./.test(word)) operands.push(at);
    else if (listed(numbers).includes(word)) {
      at += 1;
      if (!/^[-+]?\d+[kKMG]?$/.test(words[at] ?? "")) return undefined;
    } else if (isCluster(word, flags)) letters += word.slice(1);
    else if (!listed(long).includes(word) && !(numbers !== "" && /^-\d+$/.test(word))) return undefined;
  }
  return { operands, letters };
}

function isCluster(word: string, flags: string): boolean {
  return /^-[A-Za-z0-9]+$/.test(word) && [...word.slice(1)].every((letter) => flags.includes(letter));
}

/** Which of the operands name files; undefined where the program takes no such operands. */
function filesOf({ operands: kind }: Placeless, operands: readonly number[]): readonly number[] | undefined {
  switch (kind) {
    case "none":
      return operands.length === 0 ? [] : undefined;
    case "text":
    case "words":
    case "addresses":
      return [];
    case "files":
      return operands;
    case "word, files":
      return operands.slice(1);
  }
}

/** From the root or from the home folder, which `~` means only where it is not quoted. */
function isInFull({ words, written }: PlainCommand, at: number): boolean {
  return words[at]?.startsWith("/") === true || /^~(\/|$)/.test(written[at] ?? "");
}
