// Remembers what a command assigns to variables, so that `x=rm; $x -rf y` is seen as what it runs. It only ever adds
// another reading of a command: what really is in the variable when it runs may be something else.
import { type Code, shellCode } from "./code.ts";
import { type Invocation, invocationOf } from "./invocation.ts";
import { fixedWord, joinFlows, type Piece, type ShellWord, wordOf } from "./shell-word.ts";

interface AssignedValues {
  /** Notes `NAME=value` and `NAME+=value`. */
  note(word: ShellWord): void;
  /** The same call with the values in place of the names, one for each value that was noted; none without any. */
  readings(call: Invocation): readonly Invocation[];
  /** What runs where the name's value is expanded like a prompt. */
  asPrompts(name: string): readonly Code[];
}

const ASSIGNMENT = /^([A-Za-z_]\w*)(\+?=)/;
const NAME = /^\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:\[[@*\d]\])?\})$/;
/** Values of one name that are tried, names that are kept, UTF-16 units and pieces of one value. */
const MAX_VALUES = 4;
const MAX_NAMES = 200;
const MAX_LENGTH = 2_000;
const MAX_PIECES = 50;
/** Words that are made in all: a few long values put into many words would otherwise become millions. */
const MAX_WORDS = 20_000;

export function createAssigned(): AssignedValues {
  const values = new Map<string, ShellWord[]>();
  let wordsLeft = MAX_WORDS;

  function valuesOf({ kind, text }: Piece): readonly ShellWord[] {
    if (kind !== "expansion" || values.size === 0) return [];
    const [, plain, braced] = NAME.exec(text) ?? [];
    return values.get(plain ?? braced ?? "") ?? [];
  }

  function count(words: readonly ShellWord[]): number {
    return Math.max(0, ...words.flatMap(({ pieces }) => pieces.map((piece) => valuesOf(piece).length)));
  }

  /** One word may become several, or none: what is put in is split, unless quotes stand around it. */
  function fill(word: ShellWord, which: number): readonly ShellWord[] {
    if (wordsLeft <= 0 || !word.pieces.some((piece) => valuesOf(piece).length > 0)) return [word];
    const words: Piece[][] = [[]];
    const flows = [word.flow];
    for (const piece of word.pieces) {
      const known = valuesOf(piece);
      const value = known[Math.min(which, known.length - 1)];
      if (value === undefined) words.at(-1)?.push(piece);
      else {
        flows.push(value.flow);
        for (const [at, part] of splitPieces(value.pieces, piece.quoted === true).entries()) {
          if (at === 0) words.at(-1)?.push(...part);
          else words.push([...part]);
        }
      }
    }
    wordsLeft -= words.length;
    const flow = joinFlows(flows);
    return words.filter((pieces) => pieces.length > 0).map((pieces) => wordOf(pieces, flow));
  }

  return {
    note(word) {
      const [start, name = "", sign] = ASSIGNMENT.exec(word.text) ?? [];
      if (start === undefined) return;
      const [first, ...rest] = word.pieces;
      if (first === undefined || !first.text.startsWith(start)) return;
      const tail = first.text.slice(start.length);
      const pieces = [...(tail === "" ? [] : [{ ...first, text: tail }]), ...rest];
      const known = values.get(name) ?? [];
      const before = sign === "+=" ? known.at(-1) : undefined;
      const flow = joinFlows([word.flow, ...(before ? [before.flow] : [])]);
      const value = wordOf([...(before?.pieces ?? []), ...pieces.flatMap(inPlace)], flow);
      const isKept = values.size < MAX_NAMES || values.has(name);
      if (isKept && value.text.length <= MAX_LENGTH && value.pieces.length <= MAX_PIECES)
        values.set(name, [...known, value].slice(-MAX_VALUES));
    },

    asPrompts(name) {
      const known = values.get(name) ?? [];
      // `\$(…)` is `$(…)` in a prompt.
      const texts = known.map(({ text }) => fixedWord(text.replaceAll("\\", "")));
      return [
        { shell: true, flow: joinFlows(known.map(({ flow }) => flow)), told: true },
        ...texts.map((word) => shellCode([word], true)),
      ];
    },

    readings(call) {
      const { command, args, assignments, redirections } = call;
      if (values.size === 0 || command === undefined) return [];
      const targets = redirections.map(({ target }) => target);
      return Array.from({ length: count([command, ...args, ...targets]) }, (_, which) => {
        const filled = redirections.map((each) => ({
          ...each,
          target: fill(each.target, which)[0] ?? each.target,
        }));
        const words = [command, ...args].flatMap((word) => fill(word, which));
        return invocationOf(words, { assignments, redirections: filled, input: call.input });
      });
    },
  };

  function inPlace(piece: Piece): readonly Piece[] {
    const last = valuesOf(piece).at(-1);
    return last === undefined ? [piece] : last.pieces;
  }
}

function splitPieces(pieces: readonly Piece[], isQuoted: boolean): readonly (readonly Piece[])[] {
  if (isQuoted) return [pieces];
  const words: Piece[][] = [[]];
  for (const piece of pieces) {
    const parts = piece.kind === "expansion" ? [piece.text] : piece.text.split(/\s+/);
    for (const [at, text] of parts.entries()) {
      if (at > 0) words.push([]);
      if (text !== "") words.at(-1)?.push({ ...piece, text });
    }
  }
  return words;
}
