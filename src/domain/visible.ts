// Makes foreign text safe to show: what a screen would hide, reorder or render away becomes a visible escape.
// The escapes decode back to the exact input, so what is shown is what runs.

import { keepOrder } from "./text-order.ts";

/**
 * Letters and symbols that are drawn as nothing, without Unicode having a property for it: the object replacement
 * character, the blank Braille cell, the null notehead, blank hieroglyphs, a filler, and joiners that show only in what they join.
 */
const BLANK =
  "\\u2800\\uFFFC\\u{1D159}\\u{13441}-\\u{13446}\\u{16FE4}\\u2D7F\\u{1107F}\\u{10A3F}\\u{11A47}\\u{11A99}";
/** Marks that strike a letter through or ring it: it would read as taken back. */
const STRIKING = "\\p{Me}\\u0334-\\u0338\\u20D2\\u20D3\\u20D8-\\u20DA\\u20E5\\u20E6\\u20EA\\u20EB";
const UNSEEN = `\\p{Default_Ignorable_Code_Point}${BLANK}`;
/** A letter with at most one mark. Of more than two on a letter, piled up, the lines around are covered. */
const MARKED_LETTER = `(?![${UNSEEN}])\\p{L}(?:(?![${UNSEEN}${STRIKING}])\\p{M})?`;

// Controls, formats (bidi, zero width), lone surrogates, private and unassigned code points, line separators,
// default ignorables (fillers, variation selectors), blanks, every space but U+0020, marks that strike, that stand on
// no letter or in a pile, and the opening bracket of our own escapes where it would read as one.
const HIDDEN = [
  `[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}\\p{Cn}\\p{Zl}\\p{Zp}${UNSEEN}${STRIKING}]`,
  "(?! )\\p{Zs}",
  `(?<!${MARKED_LETTER})\\p{M}`,
  "⟨(?=U\\+)",
].join("|");
const HIDDEN_RUNS = new RegExp(`(${HIDDEN})\\1*`, "gu");
const HIDDEN_RUNS_IN_BLOCK = new RegExp(`(?!\\n)(?:${HIDDEN_RUNS.source})`, "gu");
const ESCAPE = /⟨U\+([0-9A-F]{4,6})(?:×(\d+))?⟩/gu;
// Twilio takes at most four consecutive spaces in a template's variable (error 21656).
const LONG_SPACES = / {5,}/g;
// Deep indentation stays as it is; longer gaps only push text out of sight. So do empty lines: a screen has about forty.
const PADDING = / {40,}|\n{20,}/g;
// The blanks are not seen, and with them the backslash no longer joins the lines.
const BLANK_AFTER_BACKSLASH = /(?<=\\) +$/gm;

/**
 * One line: newlines, tabs, long runs of spaces and those at an edge are escaped as well. A space at an edge is not
 * seen, and WhatsApp takes no code mark for one where a space stands just inside.
 */
export function visibleLine(text: string): string {
  return noGaps(keepOrder(visibleEdges(text.replace(HIDDEN_RUNS, escapeRun)), escapeRun));
}

/** Spaces at both ends. By hand: ` +$` tries each space of a long gap anew. */
function visibleEdges(text: string): string {
  const start = text.search(/[^ ]|$/);
  let end = text.length;
  while (end > start && text[end - 1] === " ") end -= 1;
  return escapeRun(text.slice(0, start)) + text.slice(start, end) + escapeRun(text.slice(end));
}

/** Long runs of spaces are escaped, also where two texts that were made visible have met. */
export function noGaps(shown: string): string {
  return shown.replace(LONG_SPACES, escapeRun);
}

/** Several lines: newlines stay, everything else hidden is escaped, and so are gaps that would push text out of sight. */
export function visibleBlock(text: string): string {
  const shown = text.replace(HIDDEN_RUNS_IN_BLOCK, escapeRun).replace(BLANK_AFTER_BACKSLASH, escapeRun);
  return keepOrder(shown, escapeRun).replace(PADDING, escapeRun);
}

/** The text as it was before `visibleLine` or `visibleBlock`. */
export function decodeVisible(shown: string): string {
  return shown.replace(ESCAPE, (_, hex: string, times: string | undefined) =>
    String.fromCodePoint(Number.parseInt(hex, 16)).repeat(times === undefined ? 1 : Number(times)),
  );
}

/** A run of one character as its escape. */
export function escapeRun(run: string): string {
  const [first] = run;
  if (first === undefined) return run;
  const count = run.length / first.length;
  const hex = (first.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return count === 1 ? `⟨U+${hex}⟩` : `⟨U+${hex}×${count}⟩`;
}

/** Where to cut a text that was made visible, at `max` UTF-16 units at most: never inside an escape or a character. */
export function cutEnd(shown: string, max: number): number {
  if (shown.length <= max) return shown.length;
  const open = shown.lastIndexOf("⟨U+", max);
  const end = open >= 0 && shown.indexOf("⟩", open) >= max ? open : max;
  return /[\uD800-\uDBFF]/.test(shown[end - 1] ?? "") ? end - 1 : end;
}
