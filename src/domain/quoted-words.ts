// Foreign words within a sentence of ours that a channel shows as ours, a warning for one: in quotes that they cannot close, so that a
// reader sees where they begin and end.
import { cutEnd, escapeRun, visibleLine } from "./visible.ts";

/** Whatever looks like the quotes around them. */
const QUOTES = /["“”„‟″〝〞＂]/g;
/** What WhatsApp makes bold, struck through or code of; `_` within a word is none. */
const MARKUP = /[*~`]+|(?<![\p{L}\p{N}_])_+|_+(?![\p{L}\p{N}_])/gu;

/** @param max UTF-16 units between the quotes; a cut shows as `…` */
export function quotedWords(words: string, max: number): string {
  const shown = visibleLine(words)
    .replace(QUOTES, "'")
    .replace(MARKUP, (run) => [...run].map(escapeRun).join(""));
  const cut = shown.slice(0, cutEnd(shown, max));
  return `"${cut}${cut === shown ? "" : "…"}"`;
}
