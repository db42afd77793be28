// Makes foreign text safe to show: what a screen would hide, reorder or render away becomes a visible escape.
// The escapes decode back to the exact input, so what is shown is what runs.

// Controls, formats (bidi, zero width), lone surrogates, private and unassigned code points, line separators,
// default ignorables (fillers, variation selectors), the blank Braille cell, every space but U+0020,
// and the opening bracket of our own escapes where it would read as one.
const HIDDEN =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}|⟨(?=U\+)/u;
const HIDDEN_RUNS = new RegExp(`(${HIDDEN.source})\\1*`, "gu");
const HIDDEN_RUNS_IN_BLOCK = new RegExp(`(?!\\n)(?:${HIDDEN_RUNS.source})`, "gu");
const ESCAPE = /⟨U\+([0-9A-F]{4,6})(?:×(\d+))?⟩/gu;
// Twilio takes at most four consecutive spaces in a template's variable (error 21656).
const LONG_SPACES = / {5,}/g;
// Deep indentation stays as it is; longer gaps only push text out of sight.
const PADDING = / {40,}/g;

/** One line: newlines, tabs and long runs of spaces are escaped as well. */
export function visibleLine(text: string): string {
  return noGaps(text.replace(HIDDEN_RUNS, escapeRun));
}

/** Long runs of spaces are escaped, also where two texts that were made visible have met. */
export function noGaps(shown: string): string {
  return shown.replace(LONG_SPACES, escapeRun);
}

/** Several lines: newlines stay, everything else hidden is escaped, and so are gaps that would push text out of sight. */
export function visibleBlock(text: string): string {
  return text.replace(HIDDEN_RUNS_IN_BLOCK, escapeRun).replace(PADDING, escapeRun);
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
