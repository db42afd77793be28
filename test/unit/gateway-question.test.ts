// What a person is shown of a change that a server behind the gate has made to its tool.
import { expect, it } from "vitest";
import { questionOf } from "../../src/gateway/question.ts";

const shown = (before: string, after: string) => {
  const { call } = questionOf("s", "t", {}, [{ part: "description", before, after }]);
  return (call.input["changed by the server"] as { description: string }).description;
};
const lines = (count: number, mark = "") =>
  Array.from({ length: count }, (_, n) => mark + n.toString(36)).join("\n");

it("hides no line that looks like the head of a patch", () => {
  expect(shown("a\n--\nb", "a\n++\nb")).toBe(" a\n---\n+++\n b");
});

it("says where two places of a change are apart", () => {
  expect(shown("a\nb\nc\nd\ne\nf", "A\nb\nc\nd\ne\nF")).toBe("-a\n+A\n b\n⋯\n e\n-f\n+F");
});

it("of two texts that have nothing in common shows both whole, and does not compare them for long", () => {
  const [before, after] = [lines(20_000), lines(20_000, "x")];
  const whole = shown(before, after).split("\n");
  expect(whole).toHaveLength(40_000);
  expect(whole.filter((line) => line.startsWith("+x"))).toHaveLength(20_000);
  expect(whole[0]).toBe("-0");
});
