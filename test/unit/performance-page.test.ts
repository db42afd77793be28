// docs/performance.md is made of the kept results: `npm run docs` writes it anew.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { keptResults } from "../../bench/kept-results.ts";
import { performancePage } from "../../bench/page.ts";
import type { BenchResult } from "../../bench/results.ts";
import { row } from "../../bench/rows.ts";

const PAGE = new URL("../../docs/performance.md", import.meta.url);

const bench: BenchResult = {
  date: "2026-01-31",
  node: "v20.20.2",
  platform: "linux x64",
  cores: 2,
  processor: "a processor",
  memory: 8,
  load: 0.5,
  loadAfter: 1.5,
  quick: false,
  rows: [
    row({
      id: "tap.0.p50",
      figure: "taps",
      what: "tap → answer, p50",
      unit: "ms",
      value: 2.5,
      floor: 1,
      target: { of: "ratio", is: "at most", limit: 2 },
    }),
    row({
      id: "opening.rate",
      figure: "opening",
      what: "calls taken a second",
      unit: "per second",
      value: 1_234,
      target: { of: "value", is: "at least", limit: 1_000 },
    }),
  ],
};

it("the page says what the kept results say", async () => {
  await expect(performancePage(keptResults())).toMatchFileSnapshot(PAGE.pathname);
});

it("no kept result names a machine or a folder of it", () => {
  const text = JSON.stringify(keptResults());
  expect(text).not.toMatch(/\/(?:tmp|home|Users|work)\//);
  expect(Object.keys(keptResults().bench ?? bench).toSorted()).toEqual(Object.keys(bench).toSorted());
});

it("a missed target is shown as missed, and counted", () => {
  const page = performancePage({ bench, steps: [] });
  expect(page).toContain("| tap → answer, p50 | 2.50 ms | 1.00 | 2.50× | ≤ 2×: **missed** |");
  expect(page).toContain("| calls taken a second | 1,234 per second |  |  | ≥ 1000: met |");
  expect(page).toContain("1 of 2 targets are met.");
});

it("a step is told with what it bought and where", () => {
  const step = { step: "Commits are grouped", figure: "1,000 taps at once", before: "3.1 s", after: "1.4 s" };
  const page = performancePage({ steps: [{ ...step, commit: "abc1234" }] });
  expect(page).toContain(
    "- **Commits are grouped** (abc1234): 1,000 taps at once 3.1 s before, 1.4 s after.",
  );
});

it("is written by the command that the page names", () => {
  const { scripts } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    scripts: Record<string, string>;
  };
  expect(scripts["docs"]).toContain("test/unit/performance-page.test.ts");
});
