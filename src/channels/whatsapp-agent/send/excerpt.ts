// The first and the last lines of a text that a message does not hold. Never cuts inside a character or an escape.
import { cutEnd } from "../../../domain/visible.ts";
import { charactersOf } from "../../text-pieces.ts";

export interface Excerpt {
  readonly head: string;
  readonly tail: string;
  /** Characters of the text between the two. */
  readonly between: number;
}

/** An escape at the cut may make the tail so much longer, UTF-16 units. */
const SLACK = 24;

/** @param shown a text that was made visible, longer than `room` @param room for both, UTF-16 units */
export function excerptOf(shown: string, room: number): Excerpt {
  const headRoom = Math.floor((room * 2) / 3);
  const headEnd = lineEndBefore(shown, headRoom);
  const tailRoom = Math.max(0, room - headRoom - SLACK);
  const tailStart = Math.max(headEnd, lineStartAfter(shown, shown.length - tailRoom));
  return {
    head: shown.slice(0, headEnd),
    tail: shown.slice(tailStart).replace(/^\n/, ""),
    between: charactersOf(shown.slice(headEnd, tailStart)),
  };
}

/** A line that is longer than half of the room is cut. */
function lineEndBefore(shown: string, room: number): number {
  const end = shown.lastIndexOf("\n", room);
  return end > room / 2 ? end : cutEnd(shown, room);
}

function lineStartAfter(shown: string, from: number): number {
  const end = shown.indexOf("\n", from);
  return end >= 0 && end < from + (shown.length - from) / 2 ? end : cutEnd(shown, from);
}
