// Letters that run from right to left move nothing but themselves: judged by the bidirectional algorithm of Unicode.
import * as bidiJs from "bidi-js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeVisible, visibleBlock, visibleLine } from "../../src/domain/visible.ts";

// The package's types and its CommonJS form disagree about its default export.
const { default: bidiFactory } = bidiJs as unknown as { default: () => Bidi };
interface Bidi {
  getEmbeddingLevels(text: string): object;
  getReorderedIndices(text: string, levels: object): number[];
}
const bidi = bidiFactory();
const RTL = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFF\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;
const ONLY_WORDS = /^[\p{L}\p{M} .,:;!?]*$/u;

/** The characters from left to right on a screen, those of right-to-left words left out. */
function seen(line: string): string {
  const levels = bidi.getEmbeddingLevels(line);
  const order = bidi.getReorderedIndices(line, levels);
  return order
    .map((index) => line[index] ?? "")
    .join("")
    .replace(new RegExp(`(?:${RTL.source}|\\p{M})`, "gu"), "");
}

const written = (line: string) => line.replace(new RegExp(`(?:${RTL.source}|\\p{M})`, "gu"), "");

const mixed = fc
  .array(
    fc.constantFrom(
      ..."אבשם",
      "\u05B8",
      "سلا",
      "٣",
      "۴",
      "\u{10A00}",
      ..."12ab/.-=,:*()[]{}<>\"' ",
      " ",
      "  ",
      "\u202E",
      "⟨U+05D0⟩",
      "日",
    ),
    { maxLength: 25 },
  )
  .map((parts) => parts.join(""));

describe("letters that run from right to left", () => {
  it.each([
    ["digits", "rm א 12 34", "rm ⟨U+05D0⟩ 12 34"],
    ["operands", "mv א ב", "mv ⟨U+05D0⟩ ב"],
    ["a path", "cat א/ב", "cat ⟨U+05D0⟩/ב"],
    ["a line that would be laid out from the right", "אבג abc", "⟨U+05D0⟩בג abc"],
    ["digits of their own", "٣٤ ٥", "⟨U+0663⟩⟨U+0664⟩ ٥"],
  ])("would move %s, and are shown as escapes there", (_, text, shown) => {
    expect(visibleLine(text)).toBe(shown);
    expect(visibleBlock(text)).toBe(shown);
    expect(decodeVisible(shown)).toBe(text);
  });

  it.each(["מזל טוב", "سلام، كيف حالك؟", "echo שלום", "x שלום y"])("stay readable in %j", (text) => {
    expect(visibleLine(text)).toBe(text);
  });

  it("never move what is not theirs", () => {
    fc.assert(
      fc.property(mixed, (text) => {
        for (const line of [visibleLine(text), ...visibleBlock(text).split("\n")]) {
          if (!ONLY_WORDS.test(line)) expect(seen(line)).toBe(written(line));
        }
        expect(decodeVisible(visibleLine(text))).toBe(text);
      }),
      { numRuns: 3_000 },
    );
  });

  it("would, were they not escaped: the judge sees it", () => {
    expect(seen("rm א 12 34")).not.toBe(written("rm א 12 34"));
  });
});
