import fc from "fast-check";
import { expect, it } from "vitest";
import { charactersIn, linesIn } from "../../src/domain/characters.ts";

const texts = fc.string({ unit: fc.constantFrom("a", "\n", "é", "🙂", "\ud83d", "\ude42", "\u0301") });

it("a text has as many characters as it can be taken apart into, halves included", () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(charactersIn(text)).toBe([...text].length);
    }),
  );
});

it("a text has as many lines as it shows", () => {
  expect(["", "a", "a\n", "a\nb", "\n", "\n\na"].map(linesIn)).toEqual([0, 1, 1, 2, 1, 3]);
});
