// Hostile text: what hides, reorders, closes, forges and repeats; and good texts with a few changes.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { packageRoot } from "../../../src/server/system.ts";

/** Pieces that have a meaning somewhere: to a phone, a shell, a parser, a terminal, or to us. */
const PIECES = [
  ..."`*_~<>|&;$(){}[]!#\\'\"=:,.?%@/-+ \n\r\t\0",
  ...[
    "```",
    "\n\n\n",
    "$(",
    "${",
    "<<E\n",
    "\nE\n",
    "&&",
    "||",
    ";;",
    "<(",
    ">(",
    "2>&1",
    "\\\n",
    "    ",
    "%00",
  ],
  ...[
    "\u202E",
    "\u2066",
    "\u200B",
    "\u00AD",
    "\uFEFF",
    "\u2028",
    "\u0085",
    "\u001B[2J",
    "\u{E0072}",
    "\uD800",
  ],
  ...["⟨U+0041⟩", "⟨U+000A×9⟩", "é", "e\u0301\u0301\u0301", "💥", "👍", "❌", "\u0430", "\u212A", "\uFF59"],
  ...["*Request ID:* zzzzz", "kqmwa", "kqmwb", "APPROVE kqmwa", "approved", "yes", "no", "[secret ghp…]"],
  ...["__proto__", "constructor", "{{id}}", "null", "-1", "1e999", "9007199254740993", "../../etc/passwd"],
  ...[
    "eyJ",
    "sk-",
    "ghp_",
    "password: ",
    "://u:p@h",
    "-----BEGIN PRIVATE ",
    "--opt=",
    "-rf",
    "sudo ",
    "eval ",
  ],
];

export const piece = fc.constantFrom(...PIECES);
const pieces = fc.array(piece, { maxLength: 30 }).map((all) => all.join(""));

/** Not fast-check's own strings of all of Unicode: for each of them it makes a table of a million entries first. */
const character = fc
  .oneof(fc.nat(0x7f), fc.nat(0xff), fc.nat(0x2fff), fc.nat(0xffff), fc.nat(0x10ffff))
  .map((code) => String.fromCodePoint(code));
const characters = (maxLength: number) => fc.array(character, { maxLength }).map((all) => all.join(""));

/** Any text, also such as nobody types. */
export const anyText = fc.oneof(pieces, characters(100), fc.string({ maxLength: 60 }));

const edit = fc.record({
  /** Where, in thousandths of the length. Before and behind all of it is where a reader that is not exact lets something through. */
  at: fc.oneof({ weight: 3, arbitrary: fc.nat(1_000) }, { weight: 1, arbitrary: fc.constantFrom(0, 1_000) }),
  cut: fc.nat(6),
  put: fc.oneof(piece, fc.constant(""), characters(3)),
});

/** Texts that mean something, each with a few changes: these get further than any text does. */
export function mutated(corpus: readonly string[], maxLength = 4): fc.Arbitrary<string> {
  return fc.tuple(fc.constantFrom(...corpus), fc.array(edit, { maxLength })).map(([text, edits]) =>
    edits.reduce((changed, { at, cut, put }) => {
      const from = Math.floor((changed.length * at) / 1_000);
      return changed.slice(0, from) + put + changed.slice(from + cut);
    }, text),
  );
}

/** The lines of a list of samples in the unit tests: comments and empty lines left out. */
export function samples(file: string): string[] {
  return readFileSync(join(packageRoot(), "test", "unit", file), "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("#"));
}
