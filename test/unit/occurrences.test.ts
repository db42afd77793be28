// Many words in one text, and parts among many others: the same answers as from going through all of them, and work that grows with
// the text.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createCover, createOverlap } from "../../src/inspection/spans.ts";
import { createOccurrences } from "../../src/shell/occurrences.ts";

/** Few letters, so that words come again and overlap. */
const letters = (maxLength: number) =>
  fc.array(fc.constantFrom("a", "b", "\u00e9", "\ud83d"), { maxLength }).map((all) => all.join(""));

describe("words in a text", () => {
  it("stand where going from one to the next finds them, however many are asked for", () => {
    fc.assert(
      fc.property(letters(80), fc.array(letters(4), { minLength: 1, maxLength: 40 }), (text, words) => {
        const { placesOf, isRepeated } = createOccurrences(text);
        for (const word of words) {
          const places: number[] = [];
          for (let at = text.indexOf(word); word !== "" && at >= 0; at = text.indexOf(word, at + word.length))
            places.push(at);
          expect(placesOf(word)).toEqual(places);
          if (word !== "") expect(isRepeated(word)).toBe(text.indexOf(word) !== text.lastIndexOf(word));
        }
      }),
    );
  });

  it("are found where more lengths are asked for than tables are made of", () => {
    const text = "ab".repeat(300);
    const { placesOf } = createOccurrences(text);
    for (let length = 1; length <= 200; length += 1) expect(placesOf(text.slice(0, length))[0]).toBe(0);
    expect(placesOf("b".repeat(100))).toEqual([]);
  });
});

describe("a part among spans", () => {
  const span = fc
    .tuple(fc.nat(30), fc.integer({ min: 1, max: 12 }))
    .map(([start, length]) => ({ start, end: start + length }));

  it("lies within one of them, or does not, as looking at each says", () => {
    fc.assert(
      fc.property(fc.array(span), fc.array(span), (spans, parts) => {
        const isInside = createCover(spans);
        for (const part of parts)
          expect(isInside(part)).toBe(spans.some(({ start, end }) => part.start >= start && part.end <= end));
      }),
    );
  });

  it("has a character in common with one of them, or has not, as looking at each says", () => {
    fc.assert(
      fc.property(fc.array(span), fc.array(span), (spans, parts) => {
        const isOverlapping = createOverlap(spans.sort((a, b) => a.start - b.start));
        for (const part of parts)
          expect(isOverlapping(part)).toBe(
            spans.some(({ start, end }) => part.start < end && part.end > start),
          );
      }),
    );
  });
});
