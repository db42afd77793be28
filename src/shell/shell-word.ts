// A word of a command as the shell hands it over: quotes removed, and what is only known at run time marked as such.
import type { Word, WordPart } from "unbash";

/** A stretch of a word: `glob` and `expansion` stand as they were written. */
export interface Piece {
  readonly kind: "text" | "glob" | "expansion";
  readonly text: string;
  /** An expansion in double quotes: the shell does not split what it puts in. */
  readonly quoted?: true;
}

export interface ShellWord {
  /** Quotes and escapes removed. */
  readonly text: string;
  readonly pieces: readonly Piece[];
  /** Whether the text is exactly what the program gets: no expansion and no glob. */
  readonly fixed: boolean;
  /** What the commands inside the word's substitutions bring in. */
  readonly flow: Flow;
}

/** What kind of data comes out of a command, for whatever reads it. */
export interface Flow {
  /** From the network. */
  readonly download: boolean;
  /** Out of a local file. */
  readonly file: boolean;
  /** Names found by walking folders. */
  readonly names: boolean;
  /** Typed by another machine over a connection that stays open. */
  readonly peer: boolean;
  /** What a shell answers that takes its commands from elsewhere. */
  readonly shell: boolean;
}

export const NO_FLOW: Flow = { download: false, file: false, names: false, peer: false, shell: false };

export function joinFlows(all: readonly Flow[]): Flow {
  const flows = all.filter((flow) => flow !== NO_FLOW);
  if (flows.length === 0) return NO_FLOW;
  if (flows.length === 1) return flows[0] as Flow;
  return {
    download: flows.some(({ download }) => download),
    file: flows.some(({ file }) => file),
    names: flows.some(({ names }) => names),
    peer: flows.some(({ peer }) => peer),
    shell: flows.some(({ shell }) => shell),
  };
}

/** A word that nobody has to expand. */
export function fixedWord(text: string): ShellWord {
  return wordOf([{ kind: "text", text }]);
}

export function wordOf(pieces: readonly Piece[], flow: Flow = NO_FLOW): ShellWord {
  const text = pieces.map((piece) => piece.text).join("");
  return { text, pieces, fixed: pieces.every(({ kind }) => kind === "text"), flow };
}

/** Marks where another program puts something in place of a sign, `{}`: that text is not known here. */
export function fillIn(word: ShellWord, placeholder: string): ShellWord {
  if (placeholder === "" || !word.text.includes(placeholder)) return word;
  const pieces = word.text
    .split(placeholder)
    .flatMap((text, index) => [
      ...(index > 0 ? [{ kind: "expansion" as const, text: PUT_IN }] : []),
      ...(text === "" ? [] : [{ kind: "text" as const, text }]),
    ]);
  return wordOf(pieces, word.flow);
}

/** Reads as an expansion wherever the word is parsed again. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: shell text
const PUT_IN = "${input}";

/** Stands for the words that another program adds, which are not known here. */
export const ADDED_WORD: ShellWord = wordOf([{ kind: "expansion", text: PUT_IN }]);

/** Reads a parsed word. Plain comma lists in braces become several words, as in the shell. */
export function readWord(word: Word, flow: Flow = NO_FLOW): readonly ShellWord[] {
  if (word.parts === undefined) return [wordOf([{ kind: "text", text: word.value }], flow)];
  // Most words: nothing in them stands for several.
  if (!word.parts.some(({ type }) => type === "BraceExpansion"))
    return [wordOf(word.parts.flatMap(piecesOf), flow)];
  const choices = word.parts.map(choicesOf);
  const count = choices.reduce((product, { length }) => product * length, 1);
  if (count === 1 || count > MAX_BRACE_WORDS) return [wordOf(word.parts.flatMap(piecesOf), flow)];
  let words: Piece[][] = [[]];
  for (const options of choices) words = words.flatMap((word) => options.map((more) => [...word, ...more]));
  return words.map((pieces) => wordOf(pieces, flow));
}

/** A word of one brace list has as many words as the list has items; beyond this it stays unexpanded. */
const MAX_BRACE_WORDS = 64;

function choicesOf(part: WordPart): Piece[][] {
  if (part.type !== "BraceExpansion" || part.parts !== undefined) return [piecesOf(part)];
  const items = part.text.slice(1, -1).split(",");
  if (items.length < 2 || /[{}\\]/.test(items.join())) return [piecesOf(part)];
  return items.map((text) => [{ kind: "text", text }]);
}

function piecesOf(part: WordPart): Piece[] {
  switch (part.type) {
    case "Literal":
    case "SingleQuoted":
    case "AnsiCQuoted":
      return [{ kind: "text", text: part.value }];
    case "DoubleQuoted":
    case "LocaleString":
      return part.parts
        .flatMap(piecesOf)
        .map((piece) => (piece.kind === "expansion" ? { ...piece, quoted: true } : piece));
    case "Glob":
    case "ExtendedGlob":
    case "BraceExpansion":
      return [{ kind: "glob", text: part.text }];
    default:
      return [{ kind: "expansion", text: part.text }];
  }
}
