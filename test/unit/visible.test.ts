import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codeLine, cutLine, plainLine } from "../../src/channels/whatsapp-format/markup.ts";
import { decodeVisible, noGaps, visibleBlock, visibleLine } from "../../src/domain/visible.ts";

// Everything that has ever been used to hide, reorder or fake a piece of text, and our own escapes.
const TRICKS = [
  "⟨U+000A⟩",
  "⟨U+0041×3⟩",
  "⟨U+",
  "⟨",
  "⟩",
  "U+200B⟩",
  "×3⟩",
  "\n",
  "\r\n",
  "\t",
  "\u0000",
  "\u001B[2J",
  "\u007F",
  "\u0085",
  "\u00A0",
  "\u00AD",
  "\u034F",
  "\u061C",
  "\u115F",
  "\u1680",
  "\u180E",
  "\u2003",
  "\u200B",
  "\u200D",
  "\u200F",
  "\u2028",
  "\u2029",
  "\u202E",
  "\u2060",
  "\u2066",
  "\u2069",
  "\u2800",
  "\u3000",
  "\u3164",
  "\uFE0F",
  "\uFEFF",
  "\uFFA0",
  "\uFFFE",
  "\uE000",
  "\u{E0041}\u{E007F}",
  "\u{E0100}",
  "\u{F0000}",
  "\u{10FFFF}",
  "\uD800",
  "\uDC00",
  "\uDBFF\uDBFF",
  "\uD800\uD83D\uDD14",
  "    ",
  "     ",
  " ".repeat(60),
  "\u200B".repeat(1_000),
  "`",
  "```",
  "*bold*",
  "_",
  "~",
  "🔔",
  "👩‍👩‍👧",
  "a\u0301",
];
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme" }),
  // Unpaired halves, which no generator of characters makes.
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 })
    .map((units) => String.fromCharCode(...units)),
  fc
    .array(fc.oneof(fc.constantFrom(...TRICKS), fc.string({ maxLength: 5 })), { maxLength: 12 })
    .map((parts) => parts.join("")),
);
const OFTEN = { numRuns: 2_000 };

const HIDDEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u;
const ODD_SPACE = /(?! )\p{Zs}/u;

describe("what a screen would hide", () => {
  it.each([
    ["a newline", "a\nb", "a⟨U+000A⟩b"],
    ["a tab", "a\tb", "a⟨U+0009⟩b"],
    ["a right-to-left override", "safe\u202Etxt", "safe⟨U+202E⟩txt"],
    ["a zero width space", "r\u200Bm", "r⟨U+200B⟩m"],
    ["tag characters", "hi\u{E0041}\u{E0042}", "hi⟨U+E0041⟩⟨U+E0042⟩"],
    ["half a character", "\uD83D!", "⟨U+D83D⟩!"],
    ["a no-break space", "rm\u00A0-rf", "rm⟨U+00A0⟩-rf"],
    ["a thousand fillers", "\u3164".repeat(1_000), "⟨U+3164×1000⟩"],
    ["five spaces", "ls     -la", "ls⟨U+0020×5⟩-la"],
    ["a fake escape", "⟨U+000A⟩", "⟨U+27E8⟩U+000A⟩"],
  ])("is shown as an escape: %s", (_, hidden, shown) => {
    expect(visibleLine(hidden)).toBe(shown);
    expect(decodeVisible(shown)).toBe(hidden);
  });

  it.each(["ls -la /etc", "für Übung", "日本語", "🔔 👍🏽", "a    b", "a⟨b⟩", "מזל טוב", "e\u0301", ""])(
    "does not touch plain text: %j",
    (plain) => {
      expect(visibleLine(plain)).toBe(plain);
      expect(visibleBlock(plain)).toBe(plain);
      expect(codeLine(plain)).toBe(plain);
      expect(plainLine(plain)).toBe(plain);
    },
  );

  it("is gone from a line, whatever it was", () => {
    fc.assert(
      fc.property(text, (hidden) => {
        for (const shown of [visibleLine(hidden), codeLine(hidden), plainLine(hidden)]) {
          expect(shown).not.toMatch(HIDDEN);
          expect(shown).not.toMatch(ODD_SPACE);
          expect(shown).not.toMatch(/ {5}/);
        }
      }),
      OFTEN,
    );
  });

  it("is gone from a block, but for its newlines", () => {
    fc.assert(
      fc.property(text, (hidden) => {
        const shown = visibleBlock(hidden);
        expect(shown.replaceAll("\n", "")).not.toMatch(HIDDEN);
        expect(shown).not.toMatch(ODD_SPACE);
        expect(shown.split("\n")).toHaveLength(hidden.split("\n").length);
      }),
      OFTEN,
    );
  });
});

describe("what is shown decodes to what runs", () => {
  it.each([
    ["visibleLine", visibleLine],
    ["visibleBlock", visibleBlock],
    ["codeLine", codeLine],
  ])("when it went through %s", (_, show) => {
    fc.assert(
      fc.property(text, (hidden) => {
        expect(decodeVisible(show(hidden))).toBe(hidden);
      }),
      OFTEN,
    );
  });

  it("and so two different texts never look the same", () => {
    fc.assert(
      fc.property(text, text, (one, other) => {
        expect(visibleLine(one) === visibleLine(other)).toBe(one === other);
      }),
    );
  });
});

describe("WhatsApp's markup", () => {
  it("is inert in a cut line too: the closing backtick stays, within the limit", () => {
    const long = fc.array(text, { minLength: 1, maxLength: 12 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(long, fc.integer({ min: 40, max: 300 }), (foreign, max) => {
        const line = plainLine(foreign, max);
        expect(line).toMatch(/^(?:[^*_~`]*|`[^`]+`)$/u);
        expect(line.length).toBeLessThanOrEqual(max);
      }),
      OFTEN,
    );
    expect(plainLine("*".repeat(100), 50)).toBe(`\`${"*".repeat(24)} … (76 more characters)\``);
  });

  it("cannot be left from inside inline code", () => {
    fc.assert(
      fc.property(text, (foreign) => {
        expect(codeLine(foreign)).not.toContain("`");
      }),
      OFTEN,
    );
  });

  it("is inert in a plain line: there is none, or all of it stands in one pair of backticks", () => {
    fc.assert(
      fc.property(text, (foreign) => {
        const line = plainLine(foreign);
        expect(line).toMatch(/^(?:[^*_~`]*|`[^`]+`)$/u);
      }),
      OFTEN,
    );
  });

  it.each([
    ["*Request ID:* zzzzz", "`*Request ID:* zzzzz`"],
    ["a_b", "`a_b`"],
    ["x` *y*", "`x⟨U+0060⟩ *y*`"],
    ["```", "`⟨U+0060×3⟩`"],
  ])("%j becomes %j", (foreign, line) => {
    expect(plainLine(foreign)).toBe(line);
  });
});

describe("a line of ours around a line of theirs", () => {
  it("has no long gap where the two meet, and still decodes to both", () => {
    fc.assert(
      fc.property(text, fc.nat(6), fc.nat(6), (foreign, before, after) => {
        const line = `key:${" ".repeat(before)}${visibleLine(foreign)}${" ".repeat(after)}… (2 parts)`;
        const shown = noGaps(line);
        expect(shown).not.toMatch(/ {5}/);
        expect(decodeVisible(shown)).toBe(decodeVisible(line));
        expect(noGaps(shown)).toBe(shown);
      }),
      OFTEN,
    );
  });
});

describe("a cut line", () => {
  const CUT = /^(.*) … \((\d+) more characters\)$/su;

  it("keeps within its limit, cuts between characters and escapes, and counts what is missing", () => {
    const long = fc.array(text, { minLength: 1, maxLength: 12 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(long, fc.integer({ min: 40, max: 300 }), (foreign, max) => {
        const shown = codeLine(foreign);
        const cut = cutLine(shown, max);
        expect(cut.length).toBeLessThanOrEqual(max);
        if (shown.length <= max) {
          expect(cut).toBe(shown);
          return;
        }
        const [, kept = "", missing] = CUT.exec(cut) ?? [];
        expect(shown.startsWith(kept)).toBe(true);
        expect(kept).not.toMatch(/\p{Cs}/u);
        expect(foreign.startsWith(decodeVisible(kept))).toBe(true);
        // Counted in characters of the text itself: an escape stands for as many as it hides.
        expect(Number(missing)).toBe([...foreign].length - [...decodeVisible(kept)].length);
        // It gives up no more than one escape and the room for the longest count.
        expect(cut.length).toBeGreaterThan(max - 25);
      }),
      OFTEN,
    );
  });

  it.each([
    ["x".repeat(50), 50, "x".repeat(50)],
    ["x".repeat(51), 50, `${"x".repeat(27)} … (24 more characters)`],
    ["🔔".repeat(30), 51, `${"🔔".repeat(14)} … (16 more characters)`],
    [`${"x".repeat(20)}⟨U+000A⟩${"x".repeat(40)}`, 50, `${"x".repeat(20)} … (41 more characters)`],
    [`${"x".repeat(20)}⟨U+200B×3000⟩${"x".repeat(40)}`, 50, `${"x".repeat(20)} … (3040 more characters)`],
  ])("of %j to %i characters ends as it should", (shown, max, expected) => {
    expect(cutLine(shown, max)).toBe(expected);
  });
});
