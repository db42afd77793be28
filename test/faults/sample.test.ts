// A sample of the crash matrix, for every run of the tests: the whole of it is `npm run faults`.
import { expect, it } from "vitest";
import { killAtEveryStep } from "./crash-matrix.ts";
import { SCENARIOS } from "./scenarios.ts";
import type { Step } from "./world.ts";

/** Written but not sent, sent but not noted, tapped but not checked, decided but not answered. */
const MOMENTS: readonly Omit<Step, "nth">[] = [
  { name: "store settle", when: "before" },
  { name: "journal ended", when: "before" },
];

it("killed around a decision: the phone hears what became of its tap, and nothing runs that is not recorded", async () => {
  const [scenario] = SCENARIOS;
  if (scenario === undefined) throw new Error("there is none");
  const isMoment = (step: Step) => MOMENTS.some(({ name, when }) => step.name === name && step.when === when);
  const { kills } = await killAtEveryStep(scenario, (steps) => steps.filter(isMoment));
  expect(kills.map(({ step, result, problems }) => [step.name, result, problems])).toEqual(
    MOMENTS.map(({ name }) => [name, "killed", []]),
  );
}, 120_000);
