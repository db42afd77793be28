// Two parsers that share nothing with ours. tree-sitter's has a tree with every command; mvdan/sh, as sh-syntax has it, tells
// no commands, but is exact about what is a script at all: together they say for certain that a word is a command's name.
import { createRequire } from "node:module";
import treeSitter from "@vscode/tree-sitter-wasm";
import { parse } from "sh-syntax";

export interface SeenCommand {
  /** As it is written: a plain word without quotes or expansions. */
  readonly name: string;
  /** Where it begins, with the assignments and redirections in front of its name, and where the name ends. UTF-16 units. */
  readonly start: number;
  readonly nameEnd: number;
}

export interface SecondParser {
  /** The simple commands with a plain name; undefined where it cannot read the script. */
  commandsOf(script: string): readonly SeenCommand[] | undefined;
}

const PLAIN_NAME = /^[\w./+-]*[A-Za-z][\w./+-]*$/;

/** tree-sitter does not know for certain where one ends. */
const HERE_DOCUMENT = /<<-?\s*["'\\]?([\w-]+)/g;

export async function createSecondParser(): Promise<SecondParser> {
  const { Language, Parser } = treeSitter;
  await Parser.init();
  const file = createRequire(import.meta.url).resolve("@vscode/tree-sitter-wasm/wasm/tree-sitter-bash.wasm");
  const parser = new Parser();
  parser.setLanguage(await Language.load(file));
  return {
    commandsOf(script) {
      // Both others skip it; bash and zsh make it a part of the word.
      if (script.includes("\r")) return undefined;
      const tree = parser.parse(script);
      if (tree === null) return undefined;
      try {
        if (tree.rootNode.hasError) return undefined;
        return tree.rootNode.descendantsOfType("command").flatMap((node) => {
          const name = node?.childForFieldName("name");
          if (node === null || name === null || name === undefined || !PLAIN_NAME.test(name.text)) return [];
          const isDelimiter = [...script.matchAll(HERE_DOCUMENT)].some(([, word]) => word === name.text);
          const before = script.slice(node.startIndex, name.startIndex);
          // Where it takes `--opt=x` for an assignment, what follows is no name.
          if (
            isDelimiter ||
            isJoined(script.slice(0, name.startIndex)) ||
            !/^(?:$|[A-Za-z_]\w*[+=[]|\d*[<>&{])/.test(before) ||
            /\s-/.test(before)
          )
            return [];
          return [{ name: name.text, start: node.startIndex, nameEnd: name.endIndex }];
        });
      } finally {
        tree.delete();
      }
    },
  };
}

/** Whether a continued line makes what comes next a part of the word before it: `size=0\` and `data.csv` are one for every shell. */
function isJoined(before: string): boolean {
  const line = before.replace(/(?:\\\n)+$/, "");
  return line !== before && /[^\s;|&(]$/.test(line);
}

/**
 * Whether a word is where the shell looks for a command: in its place `done` is an error, while as an argument, in quotes or
 * in a here-document it is a word like any other.
 */
export async function isCommandFor(script: string, { start, nameEnd }: SeenCommand): Promise<boolean> {
  if (!(await isScript(script))) return false;
  return !(await isScript(`${script.slice(0, start)}done${script.slice(nameEnd)}`));
}

async function isScript(script: string): Promise<boolean> {
  try {
    await parse(script);
    return true;
  } catch {
    return false;
  }
}
