// A verification's verdict: read strictly, and no pass in doubt.
import { describe, expect, it } from "vitest";
import { verdictOf } from "../../src/tasks/verdict.ts";

const RUN = { isComplete: true, unread: [], changed: [], failClosed: true };
const line = (verdict: string, more: object = {}) =>
  JSON.stringify({ verdict, reason: "r", restrictions: [], ...more });
const of = (text: string, more: object = {}) => verdictOf({ ...RUN, text, ...more }).verdict;

describe("a verdict", () => {
  it.each(["pass", "fail_closed", "insufficient_evidence"])("is taken from the last line: %s", (word) => {
    expect(of(`I looked.\n\n${line(word)}\n\n`)).toBe(word);
  });

  it("passes with the restrictions that it names, and not with none", () => {
    const some = { restrictions: ["on Linux only"] };
    expect(verdictOf({ ...RUN, text: line("pass_with_restrictions", some) })).toMatchObject({
      verdict: "pass_with_restrictions",
      restrictions: ["on Linux only"],
    });
    expect(of(line("pass", some))).toBe("pass_with_restrictions");
    expect(of(line("pass_with_restrictions"))).toBe("fail_closed");
  });

  it.each([
    ["nothing", ""],
    ["words", "pass"],
    ["words after it", `${line("pass")}\nBut I am not sure.`],
    ["a code fence", `\`\`\`json\n${line("pass")}\n\`\`\``],
    ["two that differ", `${line("fail_closed")}\n${line("pass")}`],
    ["another word", line("PASS")],
    ["a word more", line("pass", { confidence: 1 })],
    ["no reason", JSON.stringify({ verdict: "pass" })],
    ["an array", `[${line("pass")}]`],
    ["a line that is too long", line("pass", { reason: "x".repeat(5_000) })],
    ["two in one line", `${line("pass")}${line("pass")}`],
  ])("is none in doubt: %s", (_name, text) => {
    expect(of(text)).toBe("fail_closed");
    expect(of(text, { failClosed: false })).toBe("insufficient_evidence");
  });

  it("is none of a run that did not come to its end, or whose evidence changed", () => {
    expect(of(line("pass"), { isComplete: false })).toBe("fail_closed");
    expect(of(line("pass"), { changed: ["log.txt"] })).toBe("fail_closed");
  });

  it("is insufficient where evidence was not opened, and stays a failure where it is one", () => {
    expect(of(line("pass"), { unread: ["log.txt"] })).toBe("insufficient_evidence");
    expect(of(line("fail_closed"), { unread: ["log.txt"] })).toBe("fail_closed");
  });
});
