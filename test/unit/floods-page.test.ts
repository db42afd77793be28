// docs/floods.md shows what the last whole run of `npm run fuzz -- --floods` has measured, and nothing else.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { packageRoot } from "../../src/server/system.ts";
import {
  type Flooded,
  type FloodResults,
  floodsFile,
  problemsOf,
  readFloods,
} from "../fuzz/flood-results.ts";
import { floodTables } from "../fuzz/flood-tables.ts";

const PAGE = join(packageRoot(), "docs", "floods.md");
const [BEGIN, END] = ["<!-- floods -->", "<!-- end -->"];
const NONE = "No whole run is kept yet: `npm run fuzz -- --floods` writes one.";

it("the page has the numbers of the last run: npm run docs writes them", async () => {
  const results = readFloods(floodsFile(packageRoot()));
  const [before = "", rest = ""] = readFileSync(PAGE, "utf8").split(BEGIN);
  const [, after = ""] = rest.split(END);
  const shown = results === undefined ? NONE : floodTables(results);
  await expect(`${before}${BEGIN}\n${shown}\n${END}${after}`).toMatchFileSnapshot(PAGE);
});

const good = { through: 30, failed: [], p50: 4.25, p99: 9, rss: 150, heap: 40 };
const flooded = (during: typeof good): Flooded => ({
  before: good,
  rows: [{ attack: "TLS", port: "public", before: 40, during: { ...during, heap: 0 }, after: good }],
});
const example: FloodResults = {
  date: "2026-01-31",
  node: "v20.20.2",
  platform: "linux x64",
  cores: 2,
  load: [0.5, 1.25],
  approvals: 30,
  limited: flooded(good),
  unlimited: flooded({ ...good, through: 2 }),
};

it("a row tells approvals before, during and after, and the same without limits", () => {
  const tables = floodTables(example);
  expect(tables).toContain("| nothing else | 4.3 / 9.0 | | | 4.3 / 9.0 | |");
  expect(tables).toContain("| TLS, public | 4.3 / 9.0 | 4.3 / 9.0 | 0 | 4.3 / 9.0 | **28** |");
  expect(tables).toContain("| TLS, public | 40.0 | 40.0 | 150 | 150 | 150 |");
});

it("what does not get through under the limits is a problem, without them it is what they buy", () => {
  expect(problemsOf(example)).toEqual([]);
  const failed = { ...good, through: 29, failed: ["waiting: timeout"] } as unknown as typeof good;
  expect(problemsOf({ ...example, limited: flooded(failed) })).toEqual([
    "TLS, public port: 29 of 30. waiting: timeout",
  ]);
});
