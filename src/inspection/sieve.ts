// Which of many words may stand in a text, in one pass however many they are: a text is compared only with those whose first
// letters it has somewhere.

/** Letters that are compared, UTF-16 units. A shorter word is never sifted out. */
const LETTERS = 4;
/** So far a letter is moved when the next one comes: after `LETTERS` of them nothing of it is left. */
const SHIFT = 4;
const SIZE = 1 << (LETTERS * SHIFT);

/** @returns the words that a text may hold: every one that it holds, and perhaps others */
export function createSieve(words: readonly string[]): (text: string) => ReadonlySet<string> {
  const isKnown = new Uint8Array(SIZE);
  const byBeginning = new Map<number, string[]>();
  const always = words.filter(({ length }) => length < LETTERS);
  for (const word of words.filter(({ length }) => length >= LETTERS)) {
    let beginning = 0;
    for (let at = 0; at < LETTERS; at += 1) beginning = moved(beginning, word, at);
    isKnown[beginning] = 1;
    byBeginning.set(beginning, [...(byBeginning.get(beginning) ?? []), word]);
  }
  return (text) => {
    // The words of one beginning once, however often a text made to be slow repeats it.
    const seen = new Set<number>();
    let last = 0;
    for (let at = 0; at < text.length; at += 1) {
      last = moved(last, text, at);
      if (isKnown[last] === 1) seen.add(last);
    }
    return new Set([...always, ...[...seen].flatMap((beginning) => byBeginning.get(beginning) ?? [])]);
  };
}

/** Of the last letters only. */
function moved(last: number, text: string, at: number): number {
  return ((last << SHIFT) ^ text.charCodeAt(at)) & (SIZE - 1);
}
