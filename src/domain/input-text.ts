// An input of any shape, to be read: JSON while every value stands on one line; otherwise an outline, in which a text of
// several lines is a block under its key. No line of such a text can pass for a field: it stands further in, or comes last.
import { digestOf } from "./encoded.ts";
import { sortedJson, valueLine } from "./sorted-json.ts";
import { foreign, type Text, type TextPart } from "./text.ts";

export interface InputText {
  readonly body: Text;
  /** Characters of the input that are described instead of shown. */
  readonly hidden: number;
}

interface Found {
  /** Characters that were described so far. */
  hidden: number;
  readonly tall: WeakMap<object, boolean>;
}

type Entry = readonly [key: string, value: unknown];

/** Spaces by which what belongs to a key stands in. */
const STEP = 2;
/** UTF-16 units of JSON that stand on the line of their key. */
const MAX_ON_LINE = 100;

/** The whole input, sorted by its keys. */
export function inputText(input: Readonly<Record<string, unknown>>): InputText {
  const found: Found = { hidden: 0, tall: new WeakMap() };
  if (!isTall(input, found.tall)) return { body: [foreign("block", sortedJson(input))], hidden: 0 };
  const entries = sortedEntries(input);
  const tall = entries.filter(([, value]) => isTall(value, found.tall));
  const low = entries.filter(([, value]) => !isTall(value, found.tall));
  const [only, ...others] = tall;
  // The only one comes last and open-ended, as it is: nothing in it can pass for one of the lines before it.
  const isOpen = others.length === 0 && typeof only?.[1] === "string" && digestOf(only[1]) === undefined;
  const lines = (isOpen ? low : [...low, ...tall]).flatMap((entry) => entryText(entry, 0, found));
  const last = isOpen ? [...keyText(only[0]), ":\n", foreign("block", String(only[1]))] : [];
  return { body: isOpen ? [...lines, ...last] : withoutLastBreak(lines), hidden: found.hidden };
}

/**
 * Whether a value cannot stand on one line: a text of several lines in it, or one that is described.
 * @param known what has been found out, so that nothing is looked through once for each level above it
 */
export function isTall(value: unknown, known = new WeakMap<object, boolean>()): boolean {
  if (typeof value === "string") return /[\n\r]/.test(value) || digestOf(value) !== undefined;
  if (value === null || typeof value !== "object") return false;
  const answer =
    known.get(value) ??
    Object.entries(value).some(([key, item]) => /[\n\r]/.test(key) || isTall(item, known));
  known.set(value, answer);
  return answer;
}

/** Every line of an entry, its end included. */
function entryText([key, value]: Entry, depth: number, found: Found): TextPart[] {
  return [" ".repeat(depth * STEP), ...keyText(key), ":", ...valueText(value, depth + 1, found), "\n"];
}

/** What stands behind a key and its colon. */
function valueText(value: unknown, depth: number, found: Found): TextPart[] {
  const indent = depth * STEP;
  if (typeof value === "string") {
    const digest = digestOf(value);
    found.hidden += digest?.hidden ?? 0;
    if (digest !== undefined) return [" ", foreign("line", digest.text)];
    if (!isTall(value, found.tall)) return [" ", foreign("line", valueLine(value))];
    return [`\n${" ".repeat(indent)}`, foreign("indented", value, indent)];
  }
  if (value === null || typeof value !== "object" || !isTall(value, found.tall)) {
    const json = sortedJson(value, 0);
    if (json.length <= MAX_ON_LINE) return [" ", foreign("line", json)];
    return [`\n${" ".repeat(indent)}`, foreign("indented", sortedJson(value), indent)];
  }
  const entries = Array.isArray(value)
    ? value.map((item, index): Entry => [`item ${index + 1}`, item])
    : sortedEntries(value);
  return ["\n", ...withoutLastBreak(entries.flatMap((entry) => entryText(entry, depth, found)))];
}

/** A plain name as it is; any other in quotes, so that its end is known. */
function keyText(key: string): TextPart[] {
  return [foreign("line", /^[\w.$-]+$/.test(key) || /^item \d+$/.test(key) ? key : JSON.stringify(key))];
}

function sortedEntries(value: object): Entry[] {
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
}

function withoutLastBreak(parts: readonly TextPart[]): TextPart[] {
  return parts.at(-1) === "\n" ? parts.slice(0, -1) : [...parts];
}
