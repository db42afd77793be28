// Cuts a long text into numbered plain messages: at line ends where it can, in fences that the text cannot close.
import type { FullText } from "../../domain/full-text.ts";
import { count } from "../../domain/names.ts";
import type { ApprovalId } from "../../domain/tool-call.ts";
import { cutEnd, decodeVisible, escapeRun } from "../../domain/visible.ts";
import { renderText } from "./text.ts";

/** WhatsApp takes 1,600 characters in a plain message (Twilio error 21617); headers and fences are included here. */
const MAX_PART_LENGTH = 1_600;
const OVERHEAD = 160;
/**
 * More parts than this are not sent: with the button message it stays below Twilio's 15 replies in 30 s (error 14107).
 */
export const MAX_PARTS = 12;
/** A text that is too long shows this many parts of its beginning; the remaining parts show its end. */
const HEAD_PARTS = 8;

export interface Parts {
  readonly messages: readonly string[];
  /** Characters of the text that no message shows. */
  readonly hidden: number;
}

interface TextPiece {
  readonly text: string;
  /** It goes on in the middle of a line. */
  readonly continues: boolean;
}

/** The messages that show a text in full, or its head and tail with a note of what is missing. */
export function splitIntoParts(id: ApprovalId, { title, body }: FullText): Parts {
  const pieces = cutIntoPieces(fenced(renderText(body)), MAX_PART_LENGTH - OVERHEAD);
  if (pieces.length <= MAX_PARTS)
    return { messages: pieces.map((piece, index) => show(piece, index, pieces.length)), hidden: 0 };
  const tail = pieces.slice(-(MAX_PARTS - HEAD_PARTS));
  const missing = pieces.slice(HEAD_PARTS, -tail.length);
  const hidden = missing.reduce((sum, piece) => sum + lengthOf(piece), 0);
  const kept = [...pieces.slice(0, HEAD_PARTS), ...tail];
  const messages = kept.map((piece, index) =>
    show(
      piece,
      index,
      kept.length,
      index === HEAD_PARTS ? `${count(hidden, "character")} before this are NOT shown` : undefined,
    ),
  );
  return { messages, hidden };

  function show({ text, continues }: TextPiece, index: number, total: number, gap?: string): string {
    const notes = [gap, continues && gap === undefined ? "goes on in the same line" : undefined];
    const head = [
      `*${id}, part ${index + 1} of ${total}:* ${title}`,
      ...notes.filter((note) => note !== undefined),
    ];
    return `${head.join(", ")}\n\`\`\`\n${text}\n\`\`\``;
  }
}

/** In characters of the original, the line end before it included. */
function lengthOf({ text, continues }: TextPiece): number {
  return [...decodeVisible(text)].length + (continues ? 0 : 1);
}

/** No run of three backticks is left that could close the fence. */
function fenced(code: string): string {
  return code.replace(/`{3,}/g, escapeRun);
}

function cutIntoPieces(code: string, room: number): TextPiece[] {
  const pieces: TextPiece[] = [];
  let rest = code;
  let continues = false;
  while (rest.length > room) {
    const lineEnd = rest.lastIndexOf("\n", room);
    const end = lineEnd > 0 ? lineEnd : cutEnd(rest, room);
    pieces.push({ text: rest.slice(0, end), continues });
    continues = lineEnd <= 0;
    rest = rest.slice(continues ? end : end + 1);
  }
  pieces.push({ text: rest, continues });
  return pieces;
}
