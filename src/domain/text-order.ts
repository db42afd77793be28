// Letters that are written from right to left, and what they do to their neighbours: digits, operators and whole words beside
// them change places on the screen. Such a letter is escaped where that would happen; a line of nothing but such words stays.

/** Where Unicode keeps the scripts that run from right to left, and the digits that go with them. */
const RTL = "\\u0590-\\u08FF\\uFB1D-\\uFDFF\\uFE70-\\uFEFF\\u{10800}-\\u{10FFF}\\u{1E800}-\\u{1EFFF}";
/** One that sets a direction; a mark on it does not. */
const LETTER = `(?:(?!\\p{M})[${RTL}])`;
const HAS_LETTER = new RegExp(LETTER, "u");
/**
 * Words, the spaces between them and the marks at the end of a sentence: read in their own order. No character fits two of
 * the alternatives, or a long line would take for ever.
 */
const ONLY_WORDS = new RegExp(`^(?:(?![\\p{N}\\p{M}])[${RTL}]|\\p{M}| (?! )|[.,:;!?](?= |$))*$`, "u");
/** What sets the direction of a line: its first letter. One from the right would lay the whole line out from there. */
const FIRST = new RegExp(`(?:${LETTER}|\\p{L})\\p{M}*`, "u");
/** The last letter before something that is no letter and has a letter of the same direction, or a digit, behind it. */
const BEFORE_OTHERS = new RegExp(
  `${LETTER}\\p{M}*(?=(?![${RTL}])[^\\p{L}\\p{N}]*(?:${LETTER}|\\p{N}))`,
  "gu",
);

/** Whether a text holds letters that run from right to left. */
export function runsFromRight(text: string): boolean {
  return HAS_LETTER.test(text);
}

/**
 * A text that was made visible, with an escape for every letter that would move what is no letter of its direction.
 * @param escaped a run of one character as its escape
 */
export function keepOrder(shown: string, escaped: (run: string) => string): string {
  if (!HAS_LETTER.test(shown)) return shown;
  const escapeAll = (letters: string) => [...letters].map(escaped).join("");
  const escapeIfFromRight = (letters: string) => (HAS_LETTER.test(letters) ? escapeAll(letters) : letters);
  return shown
    .split("\n")
    .map((line) =>
      ONLY_WORDS.test(line) ? line : line.replace(BEFORE_OTHERS, escapeAll).replace(FIRST, escapeIfFromRight),
    )
    .join("\n");
}
