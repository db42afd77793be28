// The bytes of a body before they are parsed: what is too deep or too much is refused, whatever strings stand around it, and what
// is not passes. The judge cuts it into tokens, and counts those.
import { strict as assert } from "node:assert";
import fc from "fast-check";
import { MAX_LEVELS, MAX_VALUES, refuseTooMuch, TooMuchError } from "../../../src/doors/body-limits.ts";
import { MAX_DEPTH } from "../../../src/doors/nesting.ts";
import { anyText } from "../inputs/text.ts";
import { anyValue } from "../inputs/value.ts";
import { target } from "../target.ts";

/** Texts in which a reader may lose count of where a string ends. */
const tricky = fc
  .array(fc.constantFrom("\\", '"', "[", "]", "{", "}", ",", ":", "\\\\", '\\"', "\n", "a", "\u2028", "é"), {
    maxLength: 8,
  })
  .map((parts) => parts.join(""));
const name = fc.oneof(tricky, anyText);

/** Values as texts, some of them deep or long: made directly, because a value of that size costs a thousand times as much. */
const part = fc.oneof(
  { weight: 6, arbitrary: name.map((text) => JSON.stringify(text)) },
  { weight: 3, arbitrary: anyValue.map((value) => JSON.stringify(value) ?? "null") },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.integer({ min: MAX_DEPTH - 3, max: MAX_DEPTH + 20 }), name, fc.boolean())
      .map(([depth, text, inObjects]) =>
        inObjects
          ? `${`{${JSON.stringify(text)}:`.repeat(depth)}1${"}".repeat(depth)}`
          : `${"[".repeat(depth)}${JSON.stringify(text)}${"]".repeat(depth)}`,
      ),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(MAX_VALUES / 2 - 9, MAX_VALUES, MAX_VALUES + 9), name)
      .map(([count, text]) => `[${`${JSON.stringify(text)},`.repeat(count)}1]`.slice(0, 200_000))
      .map((text) => (text.endsWith("]") ? text : "0")),
  },
);
const input = fc
  .array(fc.tuple(name, part), { minLength: 1, maxLength: 4 })
  .map((pairs) => `{${pairs.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join()}}`);

/** A string, a bracket or a plain value of JSON. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[[\]{}]|[^\s,:[\]{}"]+/gs;

/** Levels, values with keys, and how many of the values are lists and objects. A key that is given twice counts twice. */
function measured(text: string): {
  readonly levels: number;
  readonly values: number;
  readonly lists: number;
} {
  let [values, lists, level, levels] = [0, 0, 0, 0];
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === "]" || token === "}") {
      level -= 1;
      continue;
    }
    values += 1;
    if (token !== "[" && token !== "{") continue;
    lists += 1;
    level += 1;
    levels = Math.max(levels, level);
  }
  return { levels, values, lists };
}

export default target("bodies", "the bytes of a body → whether they are read at all", 8, () => ({
  input,
  check(text) {
    let refused: string | undefined;
    try {
      refuseTooMuch(Buffer.from(text));
    } catch (error) {
      if (!(error instanceof TooMuchError)) throw error;
      refused = error.message;
    }
    const { levels, values, lists } = measured(text);
    if (refused === undefined) {
      assert.ok(levels <= MAX_LEVELS, `${levels} levels are read`);
      // What is counted are the signs between the values: a list has one less of them.
      assert.ok(values - lists <= MAX_VALUES, `${values} values are read`);
    } else assert.ok(levels > MAX_LEVELS || values > MAX_VALUES, `refused without a reason: ${refused}`);
  },
}));
