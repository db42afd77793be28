// Data that nobody reads, such as a picture in base64: it is described instead of sent, and counted as not shown.
import { count } from "./names.ts";

/** UTF-16 units: a shorter one is one message at most. */
const MIN_LENGTH = 2_000;
/** How much of its beginning and its end is shown. */
const EDGE_LENGTH = 24;
/** How the first bytes of a kind of file begin in base64. */
const BEGINNINGS: readonly (readonly [begins: string, kind: string])[] = [
  ["iVBORw0KGgo", "a PNG picture"],
  ["/9j/", "a JPEG picture"],
  ["R0lGOD", "a GIF picture"],
  ["UklGR", "a WebP picture or a sound"],
  ["JVBERi0", "a PDF"],
  ["UEsDB", "a ZIP archive or an Office file"],
  ["H4sI", "gzip"],
  ["f0VMRg", "a program (ELF)"],
  ["TVqQ", "a program (Windows)"],
  ["AGFzbQ", "a program (WebAssembly)"],
  ["PD94bWwg", "XML"],
  ["PHN2Zy", "an SVG picture"],
];

/** What stands for a value that is not shown. */
export interface Digest {
  /** Its kind and its size, words of ours. */
  readonly short: string;
  /** Words of ours, and letters, digits and `+/=_-` of the value. */
  readonly text: string;
  /** Characters of the value that are not shown. */
  readonly hidden: number;
}

/** Undefined for everything that is to be read. */
export function digestOf(text: string): Digest | undefined {
  if (text.length < MIN_LENGTH) return undefined;
  const [, type, given = text] =
    /^data:([\w.+-]+\/[\w.+-]+)?(?:;[\w=.+-]+)*;base64,([\s\S]*)$/.exec(text) ?? [];
  const value = given.replaceAll(/\r?\n/g, "");
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(value)) return undefined;
  // A long word, a path or a number is not encoded data.
  if (![/[A-Z]/, /[a-z]/, /[0-9]/].every((kind) => kind.test(value))) return undefined;
  const kind = BEGINNINGS.find(([begins]) => value.startsWith(begins))?.[1];
  const short = [
    "what looks like base64",
    ...(kind === undefined ? ["of an unknown kind"] : [`of ${kind}`]),
  ].join(" ");
  const size = count(text.length, "character");
  const name = type === undefined ? "" : `, called ${type}`;
  const edges = `begins ${value.slice(0, EDGE_LENGTH)}, ends ${value.slice(-EDGE_LENGTH)}`;
  return {
    short: `${short}, ${size}`,
    text: `${short}, ${size}${name}, ${edges}: not shown in full`,
    hidden: text.length - 2 * EDGE_LENGTH,
  };
}
