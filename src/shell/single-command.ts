// Whether a command is one program run and nothing else: the only kind for which a rule can be exact.
import type { ParsedScript } from "unbash";
import { readWord } from "./shell-word.ts";

/** One command of fixed words, on one line, without operator, redirection, assignment, expansion or comment. */
export function isSingleCommand(script: ParsedScript, source: string): boolean {
  const [statement, ...others] = script.commands;
  if (statement === undefined || others.length > 0 || statement.background || script.errors?.length)
    return false;
  const { command } = statement;
  if (command.type !== "Command" || command.name === undefined || command.prefix.length > 0) return false;
  const words = [command.name, ...command.suffix];
  if (!onlyBlanksAround(words, source)) return false;
  return words.every((word) => {
    if (word.type !== "Word") return false;
    const read = readWord(word);
    return read.length === 1 && read[0]?.fixed === true;
  });
}

/** Comments and stray brackets stand between or after the words, where the tree does not show them. */
function onlyBlanksAround(
  words: readonly { readonly pos: number; readonly end: number }[],
  source: string,
): boolean {
  const starts = [...words.map(({ pos }) => pos), source.length];
  const ends = [0, ...words.map(({ end }) => end)];
  return starts.every((start, at) => /^[ \t]*$/.test(source.slice(ends[at], start)));
}
