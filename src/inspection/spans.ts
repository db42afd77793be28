// Parts of a text among many others, found without going through all of them for each.
import type { TextSpan } from "../shell/place.ts";

/** @returns whether a part lies within one of the spans, its edges included */
export function createCover(spans: readonly TextSpan[]): (part: TextSpan) => boolean {
  // What lies within another one decides nothing: without it, the ends are in the order of the starts.
  const widest: TextSpan[] = [];
  for (const span of [...spans].sort((a, b) => a.start - b.start || b.end - a.end))
    if (span.end > (widest.at(-1)?.end ?? Number.NEGATIVE_INFINITY)) widest.push(span);
  return ({ start, end }) => {
    const last = widest[firstFrom(widest, start + 1) - 1];
    return last !== undefined && last.end >= end;
  };
}

/** @param spans by their start @returns the index of the first one that begins at `start` or behind it */
export function firstFrom(spans: readonly TextSpan[], start: number): number {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle]?.start ?? 0) < start) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** @param spans by their start @returns whether one of them has a character in common with a part */
export function createOverlap(spans: readonly TextSpan[]): (part: TextSpan) => boolean {
  let furthest = 0;
  const reach = spans.map(({ end }) => {
    furthest = Math.max(furthest, end);
    return furthest;
  });
  // Of all that begin in front of the part's end, the one that reaches furthest decides.
  return ({ start, end }) => (reach[firstFrom(spans, end) - 1] ?? 0) > start;
}
