// Cuts a long text into numbered plain messages: at line ends where it can, in fences that the text cannot close. What is
// too long is not sent at once; what was kept back is counted, and sent when it is asked for.
import type { FullText } from "../../domain/full-text.ts";
import { count } from "../../domain/names.ts";
import type { ApprovalId } from "../../domain/tool-call.ts";
import { escapeRun } from "../../domain/visible.ts";
import { cutIntoPieces, lengthOf, type TextPiece } from "../text-pieces.ts";
import { renderText } from "./text.ts";

/** How a channel cuts. UTF-16 units, and messages. */
export interface PartsFormat {
  /** What a plain message takes; headers and fences are included. */
  readonly maxLength: number;
  /**
   * How many parts go out before the message that takes the answer: of what runs, the beginning and the end, where things are
   * appended; of data the beginning.
   */
  readonly atFirst: Readonly<Record<FullText["kind"], { readonly head: number; readonly tail: number }>>;
}

const OVERHEAD = 200;
/** Of what runs: with the button message it stays below Twilio's 15 replies in 30 s (error 14107). */
export const MAX_PARTS = 12;
const HEAD_PARTS = 8;
/** Of data. */
export const MAX_DATA_PARTS = 4;
/** WhatsApp takes 1,600 characters in a plain message through Twilio (error 21617). */
const TWILIO: PartsFormat = {
  maxLength: 1_600,
  atFirst: {
    script: { head: HEAD_PARTS, tail: MAX_PARTS - HEAD_PARTS },
    data: { head: MAX_DATA_PARTS, tail: 0 },
  },
};

export interface Parts {
  /** What goes out before the buttons. */
  readonly messages: readonly string[];
  /** Of how many parts. */
  readonly total: number;
  /** Characters of the text that these do not show. */
  readonly hidden: number;
  /** The other parts, in order. */
  readonly rest: readonly string[];
}

/** The messages that show a text, and those that are kept back. @param format default: Twilio's */
export function splitIntoParts(
  id: ApprovalId,
  { title, body, kind, hidden: described }: FullText,
  { maxLength, atFirst }: PartsFormat = TWILIO,
): Parts {
  const pieces = cutIntoPieces(fenced(renderText(body)), maxLength - OVERHEAD);
  const { head, tail } = atFirst[kind];
  const total = pieces.length;
  const isLong = total > head + tail;
  const kept = isLong ? pieces.slice(head, total - tail) : [];
  const missing = kept.reduce((sum, piece) => sum + lengthOf(piece), 0);
  const show = ({ text, continues }: TextPiece, index: number) => {
    const isAfterGap = isLong && tail > 0 && index === total - tail;
    const notes = [
      isAfterGap ? `${count(missing, "character")} before this are NOT shown` : "",
      continues ? "goes on in the same line" : "",
    ];
    const line = [`*${id}, part ${index + 1} of ${total}:* ${title}`, ...notes.filter(Boolean)].join(", ");
    return `${line}\n${inFence(text)}`;
  };
  const messages = pieces.map((piece, index) => ({ piece, index }));
  const isKept = (index: number) => isLong && index >= head && index < total - tail;
  return {
    messages: messages.flatMap(({ piece, index }) => (isKept(index) ? [] : [show(piece, index)])),
    total,
    hidden: described + missing,
    rest: kept.map((piece, index) => show(piece, head + index)),
  };
}

/** A text that was made visible, as a block of its own. @param shown without a run of three backticks */
export function inFence(shown: string): string {
  return `\`\`\`\n${seen(shown)}\n\`\`\``;
}

/** No run of three backticks is left that could close the fence. */
export function fenced(code: string): string {
  return code.replace(/`{3,}/g, escapeRun);
}

/** WhatsApp makes no block of blanks alone. One run is enough for that, and all of them could be longer than a message. */
function seen(text: string): string {
  return text.trim() === "" ? text.replace(/^(.)\1*/su, escapeRun) : text;
}
