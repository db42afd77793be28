// Foreign words in a message of Telegram: always code, with nothing hidden, and cut visibly.
import { cutEnd, visibleBlock, visibleLine } from "../../../domain/visible.ts";
import { charactersOf } from "../../text-pieces.ts";
import { keptByTelegram, type RichSpan } from "./rich-text.ts";

/** What comes after a cut. Words of ours: outside the code, so that no foreign text can pass for them. */
const restNote = (count: number) => ` … (${count} more characters)`;

/** One line. @param max UTF-16 units, the note of what is missing included */
export function codeSpans(foreign: string, max = Number.POSITIVE_INFINITY): RichSpan[] {
  const shown = keptByTelegram(visibleLine(foreign));
  if (shown.length <= max) return [{ text: shown, style: "code" }];
  const end = cutEnd(shown, Math.max(0, max - restNote(charactersOf(shown)).length));
  return [{ text: shown.slice(0, end), style: "code" }, { text: restNote(charactersOf(shown.slice(end))) }];
}

/** Several lines. */
export function blockText(foreign: string): string {
  return keptByTelegram(visibleBlock(foreign));
}
