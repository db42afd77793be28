// The commands of a line that is nothing but plain commands: the only lines that a policy's rules may allow. Gives up at
// anything else: a doubt never allows.
import type { Command, ParsedScript, Redirection, Statement, SyntaxNode } from "unbash";
import { isWrapper } from "./programs/programs.ts";
import { readWord } from "./shell-word.ts";

/** One plain command of fixed words. */
export interface PlainCommand {
  /** As written, quotes included; the program's name first. */
  readonly written: readonly string[];
  /** The same without quotes. */
  readonly words: readonly string[];
}

interface Span {
  readonly pos: number;
  readonly end: number;
}

/** UTF-16 units: what is longer is nobody's routine. */
const MAX_PLAIN_LENGTH = 2_000;

/**
 * The commands of a line that is nothing but commands of fixed words, joined by `&&`, `||`, `;`, `|` or new lines;
 * redirections only to `/dev/null` and between descriptors. Undefined for everything else: assignments, wrappers,
 * expansions, substitutions, globs, comments, background, brackets, and what cannot be read. Never throws.
 */
export function plainCommands(
  { commands: statements, errors }: ParsedScript,
  source: string,
): readonly PlainCommand[] | undefined {
  if (source.length > MAX_PLAIN_LENGTH || errors?.length) return undefined;
  try {
    const commands = statements.flatMap(commandsOf);
    const plain = commands.map(readPlain);
    if (plain.length === 0 || plain.includes(undefined)) return undefined;
    return onlyJoined(commands as Command[], source) ? (plain as PlainCommand[]) : undefined;
  } catch {
    return undefined;
  }
}

/** The commands of a statement; undefined stands for one that is not plain. */
function commandsOf({ command, background }: Statement): readonly (Command | undefined)[] {
  return background ? [undefined] : flatten(command);
}

function flatten(node: SyntaxNode): readonly (Command | undefined)[] {
  if (node.type === "Command") return [node];
  if (node.type === "AndOr") return node.commands.flatMap(flatten);
  if (node.type === "Pipeline" && node.prefixes.length === 0) return node.commands.flatMap(flatten);
  return [undefined];
}

function readPlain(node: Command | undefined): PlainCommand | undefined {
  if (node?.name === undefined || node.prefix.length > 0) return undefined;
  if (!node.redirects.every(isHarmless)) return undefined;
  const words = [node.name, ...node.args];
  const values: string[] = [];
  for (const word of words) {
    // `$[ … ]`: bash and zsh end this arithmetic at different brackets, and what is quoted for one runs in the other.
    if (word.type !== "Word" || word.text.includes("$[")) return undefined;
    const [only, ...others] = readWord(word);
    if (only === undefined || others.length > 0 || !only.fixed) return undefined;
    values.push(only.text);
  }
  const [name = ""] = values;
  if (name === "" || isWrapper(name.slice(name.lastIndexOf("/") + 1).toLowerCase())) return undefined;
  return { written: words.map(({ text }) => text), words: values };
}

function isHarmless(node: Redirection): boolean {
  if (node.type !== "Redirect" || node.descriptor?.type === "FileDescriptorVariable") return false;
  const target = node.target?.text ?? "";
  if (node.operator === ">&") return /^[12]$/.test(target);
  return /^(&?>|>>)$/.test(node.operator) && target === "/dev/null";
}

/** Comments and brackets stand between the words, where the tree does not show them. */
function onlyJoined(commands: readonly Command[], source: string): boolean {
  let end = 0;
  for (const [index, command] of commands.entries()) {
    const spans: Span[] = [command.name, ...command.suffix].filter((part) => part !== undefined);
    for (const [at, span] of spans.sort((a, b) => a.pos - b.pos).entries()) {
      const gap = source.slice(end, span.pos);
      const between = at > 0 || index === 0 ? /^[ \t]*$/ : /^[ \t]*(&&|\|\||;|\||\n)\s*$/;
      if (!between.test(gap)) return false;
      end = span.end;
    }
  }
  return /^\s*$/.test(source.slice(end));
}
