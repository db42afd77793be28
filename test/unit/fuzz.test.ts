// A few cases of every target of `npm run fuzz`, so that none of them rots; CI runs many.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readArguments, USAGE } from "../fuzz/arguments.ts";
import { createSecondParser, isCommandFor } from "../fuzz/inputs/second-parser.ts";
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

  it("prints of a long input only its beginning", async () => {
    const long = target("long", "a text", 1, () => ({
      input: fc.constant("x".repeat(50_000)),
      check() {
        throw new Error("y".repeat(50_000));
      },
    }));
    const said: string[] = [];
    await run({ targets: [long], cases: 1, seed: 5, say: (line) => void said.push(line) });
    expect(said.join("\n").length).toBeLessThan(5_000);
    expect(said.join("\n")).toContain("… and 48,002 characters more\nagain: npm run fuzz");
  });

  it.each(["--help", "-h"])("with %s is a usage text that has every option", (flag) => {
    expect(readArguments([flag], TARGETS)).toEqual({ kind: "help", said: USAGE });
    for (const name of [
      "cases",
      "target",
      "seed",
      "path",
      "workers",
      "minutes",
      "tally",
      "growth",
      "floods",
      "attack",
    ])
      expect(USAGE).toContain(`  --${name} `);
  });

  it.each([
    [["--nope"], "--nope"],
    [["nope"], "nope"],
    [["--cases"], "--cases"],
    [["--cases", "many"], "--cases is no number that it can be: many"],
    [["--cases", "0"], "--cases"],
    [["--workers", "1.5"], "--workers"],
    [["--minutes", ""], "--minutes"],
    [["--seed", "0x1"], "--seed"],
    [["--target", "shel"], "No such target: shel. There are reply, "],
  ])("with %j names what is wrong, and how it is asked", (args, named) => {
    const read = readArguments(args, TARGETS);
    expect(read.kind).toBe("wrong");
    const { said = "" } = read as { said?: string };
    expect(said.split("\n")[0]).toContain(named);
    expect(said).toContain(USAGE);
  });
});

describe("the second parser", () => {
  it.each(["size=0\\\ndata.csv", "a='x'\\\n\\\nls", "X=$(true)\\\nls", "x[0]=a\\\nls", ">f\\\nls"])(
    "calls %j no command: the shell joins the lines",
    async (script) => {
      expect(await commandsIn(script)).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/^(?:data\.csv|ls)$/)]),
      );
    },
  );

  it.each(["size=0 \\\ndata.csv", "true;\\\ndata.csv", "(\\\ndata.csv)", "\\\ndata.csv"])(
    "sees the command in %j",
    async (script) => {
      expect(await commandsIn(script)).toContain("data.csv");
    },
  );

  async function commandsIn(script: string): Promise<string[]> {
    const { commandsOf } = await createSecondParser();
    const found: string[] = [];
    for (const command of commandsOf(script) ?? [])
      if (await isCommandFor(script, command)) found.push(command.name);
    return found;
  }
});
