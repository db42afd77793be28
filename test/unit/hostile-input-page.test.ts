// docs/hostile-input.md shows what the run by hand has counted, and nothing else.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { packageRoot } from "../../src/server/system.ts";
import { byCost, readTally, type Tally } from "../fuzz/tally.ts";
import { tallyTable } from "../fuzz/tally-table.ts";
import type { Target } from "../fuzz/target.ts";

const PAGE = join(packageRoot(), "docs", "hostile-input.md");
const KEPT = join(packageRoot(), "test", "fuzz", "tally.json");
const [BEGIN, END] = ["<!-- tally -->", "<!-- end -->"];

it("the page has the numbers that were counted: npm run docs writes them", async () => {
  const tally = readTally(KEPT, [], 0);
  expect(tallyTable(tally)).not.toContain("undefined");
  const [before = "", rest = ""] = readFileSync(PAGE, "utf8").split(BEGIN);
  const [, after = ""] = rest.split(END);
  await expect(`${before}${BEGIN}\n${tallyTable(tally)}\n${END}${after}`).toMatchFileSnapshot(PAGE);
});

it("says what was found", () => {
  const counted = { name: "shell", cases: 2_000, cpuMs: 9_000, batches: 2, failures: [] };
  const tally: Tally = { date: "2026-01-31", node: "v20.20.2", seed: 7, targets: [counted] };
  expect(tallyTable(tally)).toContain("| shell | 2,000 | 4,500 |");
  expect(tallyTable(tally)).toContain("Nothing was found");
  const again = "npm run fuzz -- --target shell --seed 7 --path 1";
  expect(tallyTable({ ...tally, targets: [{ ...counted, failures: [again] }] })).toContain(`- \`${again}\``);
});

it("a long run makes a hundredth of its cases for each target, most where one costs least, and keeps the pace", () => {
  const costs = { dear: 10, middling: 1, cheap: 0.05 };
  const targets = Object.keys(costs).map((name) => ({ name, about: "", share: 1 }) as unknown as Target);
  const tally = readTally(undefined, targets, 7);
  const CASES = 1_000_000;
  const next = byCost(tally, targets, CASES);
  const part = (name: string) => (tally.targets.find((each) => each.name === name)?.cases ?? 0) / CASES;
  for (let task = next(); task !== undefined; task = next()) {
    task.of.cases += task.cases;
    task.of.cpuMs += task.cases * costs[task.of.name as keyof typeof costs];
    if (part("dear") + part("cheap") + part("middling") < 0.5) continue;
    expect(part("dear")).toBeGreaterThan(0.004);
  }
  expect(part("dear")).toBeGreaterThan(0.0095);
  expect(part("middling")).toBeGreaterThan(0.0095);
  expect(part("cheap")).toBeGreaterThan(0.95);
});

it("a long run leaves out a target that has failed often, and ends", () => {
  const targets = ["good", "bad"].map((name) => ({ name, about: "", share: 1 }) as unknown as Target);
  const tally = readTally(undefined, targets, 7);
  const next = byCost(tally, targets, 100_000);
  for (let task = next(); task !== undefined; task = next()) {
    task.of.cases += task.cases;
    task.of.cpuMs += task.cases;
    if (task.of.name === "bad") task.of.failures.push("again");
  }
  const [good, bad] = tally.targets;
  expect(bad?.failures.length).toBe(5);
  expect(good?.cases).toBeGreaterThan(90_000);
});
