// A server is told to stop (SIGTERM) in the middle of what it does, as a service manager does it: what holds after a kill holds then, too.
// That it is killed while it stops: a scenario of the crash matrix. A second server: test/component/lost-record.test.ts.
import { expect, it } from "vitest";
import { killAtEveryStep } from "./crash-matrix.ts";
import { SCENARIOS } from "./scenarios.ts";
import type { Step } from "./world.ts";

/** Several steps share a state for a stop, which waits for what is under way. */
const EVERY = 3 * Number(process.env["FAULT_EVERY"] ?? 1);
const NAMES = ["request, approved and verified", "grant, given and used", "script"];

const stopped = (steps: readonly Step[]): readonly Step[] =>
  steps.filter((_, at) => at % EVERY === 0).map((step) => ({ ...step, signal: "SIGTERM" }));

it.each(SCENARIOS.filter(({ name }) => NAMES.includes(name)))(
  "told to stop in the middle of: $name",
  async (scenario) => {
    const { kills } = await killAtEveryStep(scenario, stopped, ({ step, result, problems }) => {
      const what = `stop, ${scenario.name}: ${result} ${step.when} ${step.name} (${step.nth})`;
      process.stderr.write([what, ...problems].join("\n    ").concat("\n"));
    });
    expect(
      kills.flatMap(({ step, problems }) => problems.map((problem) => `${step.name}: ${problem}`)),
    ).toEqual([]);
    expect(kills.filter(({ result }) => result === "killed").length).toBeGreaterThan(kills.length / 2);
  },
);
