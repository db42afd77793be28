// What is wrong with JSON that somebody has written, in words that go on after the field's name.
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { readAs } from "../../src/core/read-as.ts";

const wordsOf = (schema: z.ZodType, value: unknown) => {
  const read = readAs(schema, value) as z.ZodSafeParseResult<unknown>;
  return read.error?.issues.map(({ message }) => message);
};

describe("what a schema finds wrong", () => {
  it.each<[string, z.ZodType, unknown, string]>([
    ["nothing", z.string(), undefined, "is missing"],
    ["nothing of a list", z.array(z.string()), undefined, "is missing"],
    ["a number for a text", z.string(), 7, "must be a text"],
    ["null for a text", z.string(), null, "must be a text"],
    ["a text for a number", z.number(), "7", "must be a number"],
    ["a part for a whole", z.int(), 7.5, "must be a whole number"],
    ["a text for a yes", z.boolean(), "yes", "must be true or false"],
    ["a text for a list", z.array(z.string()), "a", "must be a list"],
    ["a list for an object", z.object({}), [], "must be an object"],
    ["a list for names", z.record(z.string(), z.string()), [], "must be an object"],
    ["too little", z.number().min(10), 9, "must be at least 10"],
    ["as little as the bound", z.number().gt(10), 10, "must be more than 10"],
    ["too much", z.int().max(3_600), 3_601, "must be at most 3,600"],
    ["as much as the bound", z.number().lt(5), 5, "must be less than 5"],
    ["an empty text", z.string().min(1), "", "is empty"],
    ["an empty list", z.array(z.string()).min(1), [], "is empty"],
    ["a short text", z.string().min(3), "a", "must have at least 3 characters"],
    ["a long text", z.string().max(1), "ab", "must have at most 1 character"],
    ["a long list", z.array(z.string()).max(2), ["a", "b", "c"], "must have at most 2 entries"],
    ["a version", z.literal(1), 2, "must be 1"],
    ["no version", z.literal(1), undefined, "is missing: must be 1"],
    ["one of none", z.enum(["a", "b"]), "c", 'must be one of "a", "b"'],
    ["a misspelt key", z.strictObject({}), { peple: 1 }, '"peple" is not known here'],
    ["keys", z.strictObject({}), { a: 1, b: 1 }, '"a", "b" are not known here'],
    ["a key that draws", z.strictObject({}), { "\u001b[2J": 1 }, '"\\u001b[2J" is not known here'],
  ])("of %s", (_what, schema, value, words) => {
    expect(wordsOf(schema, value)).toEqual([words]);
  });

  it("is said in the schema's own words where it has some, and in zod's where these are as good", () => {
    expect(wordsOf(z.string("must be the name"), 7)).toEqual(["must be the name"]);
    expect(wordsOf(z.string().regex(/^a/), "b")).toEqual([expect.stringContaining("must match pattern")]);
  });
});
