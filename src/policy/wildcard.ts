// Patterns with wildcards, compared without backtracking over all of the text: a hostile text must not hold up the
// server.

/** The wildcard of a sequence of names: any number of them. */
export const ANY_FOLDERS = "**";

/** Whether `*` in a pattern can stand for what the text has there. */
export function matchesText(pattern: string, text: string): boolean {
  const open = pattern.indexOf("*");
  if (open < 0) return pattern === text;
  if (!text.startsWith(pattern.slice(0, open))) return false;
  return matchesSequence(
    [...pattern],
    [...text],
    (sign) => sign === "*",
    (sign, character) => sign === character,
  );
}

/**
 * Compares one item after the other; a star stands for any number of them. Takes time in proportion to the product of
 * the lengths.
 */
export function matchesSequence<T>(
  pattern: readonly T[],
  items: readonly T[],
  isStar: (part: T) => boolean,
  equals: (part: T, item: T) => boolean,
): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let index = 0; index < items.length; ) {
    const part = pattern[at];
    if (part !== undefined && isStar(part)) {
      star = at;
      resume = index;
      at += 1;
    } else if (part !== undefined && equals(part, items[index] as T)) {
      at += 1;
      index += 1;
    } else if (star >= 0) {
      resume += 1;
      index = resume;
      at = star + 1;
    } else return false;
  }
  return pattern.slice(at).every(isStar);
}
