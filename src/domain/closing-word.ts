// Commands that are given once and hold from then on: to carry one out again, later, may undo what was said after it.

const CLOSING_WORDS = ["PANIC", "PAUSE", "REVOKE", "KILL"] as const;
/** As it is typed. */
export type ClosingWord = (typeof CLOSING_WORDS)[number];

export function isClosingWord(text: unknown): text is ClosingWord {
  return CLOSING_WORDS.some((word) => word === text);
}
