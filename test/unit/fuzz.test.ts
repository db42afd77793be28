// A few cases of every target of `npm run fuzz`, so that none of them rots; CI runs many.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { run } from "../fuzz/run.ts";
import { target } from "../fuzz/target.ts";
import { TARGETS } from "../fuzz/targets.ts";

const SEED = 20_261_130;
const CASES = 60;

describe("hostile input", () => {
  it.each(TARGETS.map((each) => [each.name, each] as const))("holds at the target %s", async (_, each) => {
    const said: string[] = [];
    const [done] = await run({
      targets: [each],
      cases: CASES,
      seed: SEED,
      say: (line) => void said.push(line),
    });
    expect(said.join("\n")).toBe("");
    expect(done?.cases).toBe(CASES);
  });
});

describe("a run", () => {
  it("that finds something says the smallest input, and the line that shows it again", async () => {
    const broken = target("broken", "a number", 1, () => ({
      input: fc.nat(1_000),
      check(value) {
        if (value >= 17) throw new Error(`${value} is too much`);
      },
    }));
    const said: string[] = [];
    const options = { targets: [broken], cases: 100, seed: 5, say: (line: string) => void said.push(line) };
    const [done] = await run(options);
    expect(said.join("\n")).toContain("\ninput: 17\n");
    const [again = ""] = done?.failures ?? [];
    const [, path] = /^npm run fuzz -- --target broken --seed 5 --path ([\d:]+)$/.exec(again) ?? [];
    said.length = 0;
    await run({ ...options, path });
    expect(said.join("\n")).toContain("\ninput: 17\n");
  });
});
