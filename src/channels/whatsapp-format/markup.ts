// Foreign words in a WhatsApp message: nothing in them is rendered as markup, and a cut never splits an escape.
import { cutEnd, escapeRun, visibleLine } from "../../domain/visible.ts";
import { charactersOf } from "../text-pieces.ts";

const MARKUP = /[*_~`]/;

/** A line that may stand inside WhatsApp's inline code: backticks are escaped, all other markup is inert there. */
export function codeLine(text: string): string {
  return visibleLine(text).replace(/`+/g, escapeRun);
}

/**
 * A line of foreign words between our own: put into inline code when it holds anything WhatsApp would render.
 * @param max cuts to this many UTF-16 units and says how much is missing
 */
export function plainLine(text: string, max = Number.POSITIVE_INFINITY): string {
  return MARKUP.test(text) ? `\`${cutLine(codeLine(text), max - 2)}\`` : cutLine(visibleLine(text), max);
}

/**
 * Cuts a shown line to `max` UTF-16 units and says how much is missing. Never splits a surrogate pair or an escape.
 */
export function cutLine(shown: string, max: number): string {
  if (shown.length <= max) return shown;
  const room = max - ` … (${charactersOf(shown)} more characters)`.length;
  const end = cutEnd(shown, Math.max(room, 0));
  const hidden = charactersOf(shown.slice(end));
  return `${shown.slice(0, end)} … (${hidden} more characters)`;
}
