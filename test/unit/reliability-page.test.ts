// docs/reliability.md shows the numbers of the last run of `npm run faults`, and no others.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { readResults } from "../faults/results.ts";

const PAGE = fileURLToPath(new URL("../../docs/reliability.md", import.meta.url));
const [BEGIN, END] = ["<!-- crash matrix -->", "<!-- end -->"];
const NONE = "No whole run is kept yet: `npm run faults` writes one.";

it("the page has the numbers of the last run: npm run docs writes them", async () => {
  const results = readResults();
  const page = readFileSync(PAGE, "utf8");
  const [before = "", rest = ""] = page.split(BEGIN);
  const [, after = ""] = rest.split(END);
  const { scenarios = [], node, platform } = results ?? {};
  const total = scenarios.reduce((sum, { kills }) => sum + kills, 0);
  const rows = scenarios.map(
    ({ scenario, steps, kills, problems, freshMs, healthyMs: { p50, p95, max } }) =>
      `| ${scenario} | ${steps} | ${kills} | ${problems} | ${freshMs} | ${p50} | ${p95} | ${max} |`,
  );
  const table = [
    `${total} kills on Node ${node}, ${platform}. Times are from the start of the process to a healthy \`/health\`, in ms: the median of fresh starts; of starts after a kill, the median, what 95 of 100 do not exceed, and the longest.`,
    "",
    "| killed at every step of | steps | kills | broken | fresh | p50 | p95 | longest |",
    "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
  const shown = results === undefined ? NONE : table;
  await expect(`${before}${BEGIN}\n${shown}\n${END}${after}`).toMatchFileSnapshot(PAGE);
  expect(scenarios.filter(({ problems }) => problems > 0)).toEqual([]);
});
