// A shell command in the pieces that a policy's rules are compared with. Two readings: one for rules that allow, which
// gives up at anything but plain commands, and one for rules that refuse, which collects every program run it can find.
import { type Command, parse, type Redirection, type Statement, type SyntaxNode } from "unbash";
import type { Invocation } from "./invocation.ts";
import { optionsOf } from "./invocation.ts";
import { writtenPaths } from "./places.ts";
import { readWord } from "./shell-word.ts";
import { type Judge, MAX_COMMAND_LENGTH, walk } from "./walk.ts";
import { isWrapper } from "./wrappers.ts";

/** One plain command of fixed words. */
export interface PlainCommand {
  /** As written, quotes included; the program's name first. */
  readonly written: readonly string[];
  /** The same without quotes. */
  readonly words: readonly string[];
}

/** Every program run that was found, wrappers and code in strings included. */
export interface FoundCommands {
  /** Each run in every form that a rule may name it by. */
  readonly texts: readonly string[];
  /** Words that may name files. */
  readonly words: readonly string[];
  /** Those among them that are written to. */
  readonly written: readonly string[];
}

interface Span {
  readonly pos: number;
  readonly end: number;
}

/** UTF-16 units: what is longer is nobody's routine. */
const MAX_PLAIN_LENGTH = 2_000;
/** UTF-16 units: above what Linux takes as one argument, which a command of Claude Code's shell is. */
const MAX_SPLIT_LENGTH = 200_000;

/**
 * The commands of a line that is nothing but commands of fixed words, joined by `&&`, `||`, `;`, `|` or new lines;
 * redirections only to `/dev/null` and between descriptors. Undefined for everything else: assignments, wrappers,
 * expansions, substitutions, globs, comments, background, brackets, and what cannot be read. Never throws.
 */
export function plainCommands(source: string): readonly PlainCommand[] | undefined {
  if (source.length > MAX_PLAIN_LENGTH) return undefined;
  try {
    const { commands: statements, errors } = parse(source);
    if (errors?.length) return undefined;
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

const NO_JUDGE: Judge = { invocation: () => [], redirections: () => [], code: () => [] };
const GIT_VALUED =
  "-C -c --git-dir --work-tree --namespace --exec-path --super-prefix --config-env --attr-source".split(" ");
/** Places where a subcommand may be; nobody writes more options in front of it. */
const MAX_STARTS = 8;

/** Everything that a command can be seen to run. Never throws. */
export function foundCommands(source: string): FoundCommands {
  const raw = [source.slice(0, MAX_SPLIT_LENGTH).trim()];
  const unread = {
    texts: [...raw, ...fragments(source.slice(0, MAX_SPLIT_LENGTH))],
    words: namesIn(source.slice(0, MAX_SPLIT_LENGTH).split(/[\s;&|<>(){}'"`]+/)),
    written: [],
  };
  if (source.length > MAX_COMMAND_LENGTH) return unread;
  try {
    const { risks, invocations } = walk(parse(source), NO_JUDGE);
    const isWhole = !risks.has("unreadable") && !risks.has("not-fully-checked");
    return {
      texts: [...new Set([...raw, ...invocations.flatMap(formsOf), ...(isWhole ? [] : fragments(source))])],
      words: namesIn(
        invocations.flatMap(({ args, redirections }) =>
          [...args, ...redirections.map(({ target }) => target)].map(({ text }) => text),
        ),
      ),
      written: invocations.flatMap(writtenPaths).map(underHome),
    };
  } catch {
    return unread;
  }
}

/** As written; by its base name; and without the options in front of its first operand. */
function formsOf(call: Invocation): string[] {
  if (call.command === undefined) return [];
  const words = call.args.map(({ text }) => text);
  const form = call.name === "git" ? { valued: GIT_VALUED, stopAtOperand: true } : { stopAtOperand: true };
  const operands = optionsOf(call, form).operands.map(({ text }) => text);
  return [
    [call.command.text, ...words],
    [call.name, ...words],
    [call.name, ...operands],
    ...(call.name === "git" ? [] : startsOf(words).map((rest) => [call.name, ...rest])),
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

/** Words, and the names inside them: of `--file=/x`, `host:/x`, `-F a=@/x`, `-T.env`. */
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
