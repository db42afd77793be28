// What is read of a command line, before the reader of arguments sees it.
import type { CommandForm } from "./command.ts";
import { COMMANDS } from "./commands.ts";

/** `help x` is `x --help`. What follows an unknown command does not count: it is unknown even where help is asked for. */
export function readableWords(argv: readonly string[]): string[] {
  const at = wordsOfDir(argv);
  const [dir, words] = [argv.slice(0, at), argv.slice(at)];
  return [...dir, ...readableCommand(words[0] === "help" ? [...words.slice(1), "--help"] : words)];
}

function readableCommand(words: string[]): string[] {
  const isUnknown = (word: string | undefined, known: readonly CommandForm[]) =>
    word !== undefined && !word.startsWith("-") && !known.some(({ name }) => name === word);
  if (isUnknown(words[0], COMMANDS)) return words.slice(0, 1);
  const verbs = COMMANDS.find(({ name }) => name === words[0])?.verbs;
  return verbs !== undefined && isUnknown(words[1], verbs) ? words.slice(0, 2) : words;
}

/** How many words in front of the command are `--dir` and its value. */
function wordsOfDir(argv: readonly string[]): number {
  const at = argv.findIndex((word, index) => !/^--dir(=|$)/.test(word) && argv[index - 1] !== "--dir");
  return at < 0 ? argv.length : at;
}
