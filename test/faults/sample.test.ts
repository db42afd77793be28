// A sample of the crash matrix, for every run of the tests: the whole of it is `npm run faults`.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { killAt } from "./crash-matrix.ts";
import { MUTATIONS } from "./mutations.ts";
import { SCENARIOS } from "./scenarios.ts";
import type { Step } from "./world.ts";

/** Decided and not written; written and not answered. */
const MOMENTS: readonly Step[] = [
  { name: "store settle", nth: 1, when: "before" },
  { name: "journal ended", nth: 1, when: "before" },
];

it("killed around a decision: the phone hears what became of its tap, and nothing runs that is not recorded", async () => {
  const [scenario] = SCENARIOS;
  if (scenario === undefined) throw new Error("there is none");
  const { kills } = await killAt(scenario, MOMENTS);
  expect(kills.map(({ step, result, problems }) => [step.name, result, problems])).toEqual(
    MOMENTS.map(({ name }) => [name, "killed", []]),
  );
}, 120_000);

it.each(MUTATIONS)(
  "the line of this mistake is in the built program: $mistake",
  ({ broken: { file, from } }) => {
    const built = new URL(`../../dist/src/${file}`, import.meta.url);
    expect(readFileSync(built, "utf8")).toContain(from);
  },
);
