// What is refused before it is read, and that looking for it is cheap.
import { describe, expect, it } from "vitest";
import { MAX_BODY_BYTES, MAX_VALUES, refuseTooMuch, TooMuchError } from "../../src/doors/body-limits.ts";

function problem(text: string): string | undefined {
  try {
    refuseTooMuch(Buffer.from(text));
    return undefined;
  } catch (error) {
    if (error instanceof TooMuchError) return error.message;
    throw error;
  }
}

const list = (count: number) => JSON.stringify(Array.from({ length: count }, (_, n) => n));

describe("a body", () => {
  it.each<[string, string]>([
    ["a file of a megabyte", JSON.stringify({ content: 'const a = "b"; // c\n'.repeat(50_000) })],
    [
      "a file of signs that count outside of strings only",
      JSON.stringify({ content: '{[,:"\\'.repeat(100_000) }),
    ],
    [
      "a string that ends with a backslash",
      JSON.stringify({ a: "\\", b: "\\\\", c: `\\"${",".repeat(20_000)}` }),
    ],
    ["many values", list(MAX_VALUES - 10)],
    ["many levels", `${"[".repeat(205)}${"]".repeat(205)}`],
    ["nothing", ""],
    ["no JSON", '"'],
  ])("with %s is read", (_, text) => {
    expect(problem(text)).toBeUndefined();
  });

  it.each<[string, string, string]>([
    ["9 MB in one string", JSON.stringify({ content: "x".repeat(9_000_000) }), "3,000,000 bytes"],
    [
      "100,000 keys",
      JSON.stringify(
        Object.fromEntries(
          list(100_000)
            .split(",")
            .map((n) => [n, n]),
        ),
      ),
      "10,000 values",
    ],
    [
      "100,000 keys, each a level below",
      JSON.stringify(
        list(30_000)
          .split(",")
          .map((n) => ({ [n]: n })),
      ),
      "10,000 values",
    ],
    ["6,000 levels of objects", `${'{"a":'.repeat(6_000)}1${"}".repeat(6_000)}`, "200 levels"],
    ["6,000 levels of lists", `${"[".repeat(6_000)}${"]".repeat(6_000)}`, "200 levels"],
    ["levels that are never closed", "[".repeat(1_000_000), "200 levels"],
    ["a million numbers", list(400_000), "10,000 values"],
    ["values behind a quote in a string", `{"a":"\\"","b":${list(20_000)}}`, "10,000 values"],
    ["values behind backslashes", `{"a":"\\\\\\\\","b":${list(20_000)}}`, "10,000 values"],
  ])("with %s is not", (_, text, words) => {
    expect(problem(text)).toContain(words);
  });

  it("is not walked through to its end when there is too much of it", () => {
    const cpu = (text: string) => {
      const raw = Buffer.from(text);
      const before = process.cpuUsage();
      for (let n = 0; n < 20; n += 1) expect(() => refuseTooMuch(raw)).toThrow(TooMuchError);
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    const small = list(20_000);
    cpu(small);
    // Twenty times as much, at about the same cost.
    expect(cpu(list(400_000))).toBeLessThan(8 * cpu(small) + 20_000);
  });

  it("of a megabyte of backslashes is looked at once, not once for each", () => {
    const text = JSON.stringify({ content: "\\".repeat(700_000) });
    expect(text.length).toBeLessThan(MAX_BODY_BYTES);
    const cpu = () => {
      const before = process.cpuUsage();
      expect(problem(text)).toBeUndefined();
      return process.cpuUsage(before).user;
    };
    expect(cpu()).toBeLessThan(5_000_000);
  });
});
