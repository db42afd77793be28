// Foreign text as a screen shows it: nothing hidden, nothing of it lost, and cut where a reader can go on.
import { strict as assert } from "node:assert";
import fc from "fast-check";
import { cutEnd, decodeVisible, visibleBlock, visibleLine } from "../../../src/domain/visible.ts";
import { anyText, mutated } from "../inputs/text.ts";
import { target } from "../target.ts";

/** Nothing of these may reach a screen, in whatever the text is. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;
const SHOWN = ["rm -rf x  y", "a\n\n\nb", "⟨U+0041×3⟩", "abc \u0590\u05D0 1", "e\u0301 \u202Etxt", "  \\ \n"];

export default target("visible", "any text → what a screen shows of it", 40, () => ({
  input: fc.record({ text: fc.oneof(anyText, mutated(SHOWN, 3)), at: fc.nat(120) }),
  check({ text, at }) {
    const [line, block] = [visibleLine(text), visibleBlock(text)];
    assert.ok(!HIDDEN.test(line), "a line hides something");
    assert.ok(!/ {5,}|^ | $/.test(line), "a line has spaces that nobody sees, or that Twilio refuses");
    assert.ok(!HIDDEN.test(block.replaceAll("\n", "")), "a block hides something");
    assert.ok(!/ {40,}|\n{20,}/.test(block), "a block pushes text out of sight");
    for (const shown of [line, block]) {
      assert.equal(decodeVisible(shown), text, "what is shown is not what was given");
      const end = cutEnd(shown, at);
      assert.ok(end <= Math.max(at, 0), "a cut is longer than asked for");
      const parts = [shown.slice(0, end), shown.slice(end)];
      assert.equal(parts.map(decodeVisible).join(""), text, "a cut goes through a sign or its escape");
    }
  },
}));
