// Reads a command's arguments the way getopt does: clusters of letters, long names, values, and `--`.
import type { ShellWord } from "./shell-word.ts";

export interface Options {
  /** Whether one of the options is there: `-r` alone or in a cluster; `--recursive` also cut short, as getopt allows. */
  has(...names: readonly string[]): boolean;
  /**
   * Whether one of the options is surely switched on: written in full, not `--dry-run=false`, and not perhaps the value of
   * an option in front of it, and none of them off again behind it. @param isFlag whether an option, or a cluster of them, is known to take no value
   */
  isOn(names: readonly string[], isFlag: (option: string) => boolean): boolean;
  /** The values of options that take one. */
  values(...names: readonly string[]): readonly ShellWord[];
  /** What is neither an option nor an option's value. */
  readonly operands: readonly ShellWord[];
}

interface Given {
  readonly name: string;
  readonly value: ShellWord | undefined;
  /** The word in front of it, where that is an option which took no value. */
  readonly behind?: string | undefined;
}

const OFF = /^(f|false|n|no|none|off|0|)$/i;

/** How to read: which options take a value, and whether reading ends at the first operand, as with wrappers. */
export interface OptionForm {
  readonly valued?: ReadonlySet<string> | undefined;
  /** Short options whose value, where they have one, stands in the same word: `-pSECRET`. */
  readonly attached?: ReadonlySet<string> | undefined;
  readonly stopAtOperand?: boolean | undefined;
}

const NONE: ReadonlySet<string> = new Set();

export function readOptions(args: readonly ShellWord[], form: OptionForm = {}): Options {
  const { valued = NONE, attached = NONE } = form;
  const given: Given[] = [];
  const operands: ShellWord[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] as ShellWord;
    const takeNext = () => {
      at += 1;
      return args[at];
    };
    if (word.text === "--") {
      operands.push(...args.slice(at + 1));
      break;
    }
    const behind = bareOption(args[at - 1], given.at(-1));
    if (word.text.startsWith("--")) given.push({ ...readLong(word, valued, takeNext), behind });
    else if (isCluster(word))
      given.push(...readShort(word, { valued, attached }, takeNext).map((each) => ({ ...each, behind })));
    else if (form.stopAtOperand) {
      operands.push(...args.slice(at));
      break;
    } else operands.push(word);
  }
  return {
    operands,
    has: (...names) => given.some(({ name }) => names.some((full) => isShortFor(name, full))),
    isOn: (names, isFlag) => {
      const meant = given.filter(({ name }) => names.includes(name));
      const isSure = ({ value, behind }: Given) =>
        !(value && OFF.test(value.text)) &&
        (behind === undefined || isFlag(behind) || names.includes(behind));
      return meant.length > 0 && meant.every(isSure);
    },
    values: (...names) => given.flatMap(({ name, value }) => (value && names.includes(name) ? [value] : [])),
  };
}

/** What stands in front of a subcommand and behind it, as one. */
export function joinOptions(outer: Options, subcommand: ShellWord, inner: Options): Options {
  return {
    operands: [subcommand, ...inner.operands],
    has: (...names) => outer.has(...names) || inner.has(...names),
    isOn: (names, isFlag) => {
      const isIn = [outer, inner].filter(({ has }) => names.some((name) => has(name)));
      return isIn.length > 0 && isIn.every(({ isOn }) => isOn(names, isFlag));
    },
    values: (...names) => [...outer.values(...names), ...inner.values(...names)],
  };
}

/** The word in front, where it is an option without a value of its own and so may take what follows. */
function bareOption(word: ShellWord | undefined, last: Given | undefined): string | undefined {
  if (word === undefined || !isCluster(word) || word.text === "--" || word.text.includes("="))
    return undefined;
  return last?.value === undefined ? word.text : undefined;
}

function isCluster({ text }: ShellWord): boolean {
  return text.length > 1 && text.startsWith("-");
}

function readLong(
  word: ShellWord,
  valued: ReadonlySet<string>,
  takeNext: () => ShellWord | undefined,
): Given {
  const equals = word.text.indexOf("=");
  if (equals > 0) return { name: word.text.slice(0, equals), value: tailOf(word, equals + 1) };
  return { name: word.text, value: valued.has(word.text) ? takeNext() : undefined };
}

function readShort(
  word: ShellWord,
  { valued, attached }: Record<"valued" | "attached", ReadonlySet<string>>,
  takeNext: () => ShellWord | undefined,
): Given[] {
  const given: Given[] = [];
  if (valued.has(word.text)) return [{ name: word.text, value: takeNext() }];
  for (let at = 1; at < word.text.length; at += 1) {
    const name = `-${word.text[at]}`;
    if (attached.has(name)) return [...given, { name, value: tailOf(word, at + 1) }];
    if (valued.has(name)) {
      const value = at + 1 < word.text.length ? tailOf(word, at + 1) : takeNext();
      return [...given, { name, value }];
    }
    // `-n=false`: what follows is the value of the last letter.
    if (word.text[at + 1] === "=") return [...given, { name, value: tailOf(word, at + 2) }];
    given.push({ name, value: undefined });
  }
  return given;
}

/** The word from a character on. */
export function tailOf(word: ShellWord, start: number): ShellWord {
  let skip = start;
  const pieces = word.pieces.flatMap((piece) => {
    const text = piece.text.slice(skip);
    skip = Math.max(0, skip - piece.text.length);
    return text === "" ? [] : [{ kind: piece.kind, text }];
  });
  return { ...word, text: word.text.slice(start), pieces };
}

function isShortFor(given: string, full: string): boolean {
  return given === full || (full.startsWith("--") && given.length > 3 && full.startsWith(given));
}
