// The crash matrix: a server is killed at every step of what it does, and everything must hold after its next start.
import { expect, it } from "vitest";
import { killAtEveryStep } from "./crash-matrix.ts";
import { SCENARIOS } from "./scenarios.ts";

/** For a quick look by hand: every so many steps. */
const EVERY = Number(process.env["FAULT_EVERY"] ?? 1);

it.each(SCENARIOS)("killed at every step of: $name", async (scenario) => {
  const result = await killAtEveryStep(
    scenario,
    (steps) => steps.filter((_, at) => at % EVERY === 0),
    (kill) =>
      process.stderr.write(
        `${scenario.name}: ${kill.result} ${kill.step.when} ${kill.step.name} (${kill.step.nth}) ${kill.problems.join("; ")}\n`,
      ),
  );
  const { kills } = result;
  const found = kills.flatMap(({ step, problems }) =>
    problems.map((problem) => `${step.when} ${step.name} (${step.nth}): ${problem}`),
  );
  expect(found).toEqual([]);
  const killed = kills.filter(({ result }) => result === "killed");
  expect(killed.length).toBeGreaterThan(kills.length / 2);
});
