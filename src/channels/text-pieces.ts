// A long text in pieces that fit a message each: cut at line ends where it can be.
import { charactersIn } from "../domain/characters.ts";
import { cutEnd, decodeVisible } from "../domain/visible.ts";

export interface TextPiece {
  readonly text: string;
  /** It goes on in the middle of a line. */
  readonly continues: boolean;
}

/** @param shown a text that was made visible @param room UTF-16 units @returns one piece at least */
export function cutIntoPieces(shown: string, room: number): TextPiece[] {
  const pieces: TextPiece[] = [];
  let rest = shown;
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

/** In characters of the original, the line end before it included. */
export function lengthOf({ text, continues }: TextPiece): number {
  return charactersOf(text) + (continues ? 0 : 1);
}

/** In characters of the original. @param shown a text that was made visible */
export function charactersOf(shown: string): number {
  return charactersIn(decodeVisible(shown));
}
