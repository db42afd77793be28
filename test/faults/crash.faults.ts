// The crash matrix: a server is killed at every step of what it does, and everything must hold after its next start.
import { describe, expect, it } from "vitest";
import { type Kill, killAtEveryStep } from "./crash-matrix.ts";
import { writeResult } from "./results.ts";
import { SCENARIOS } from "./scenarios.ts";

/** For a quick look by hand: every so many steps. A part of the matrix is no result. */
const EVERY = Number(process.env["FAULT_EVERY"] ?? 1);

let total = 0;

function found({ step, problems }: Kill): readonly string[] {
  return problems.map((problem) => `${step.when} ${step.name} (${step.nth}): ${problem}`);
}

// Two at once, as the configuration says: a server that starts keeps one core busy.
describe.concurrent("killed at every step", () => {
  it.each(SCENARIOS)("of: $name", async (scenario) => {
    const pick =
      EVERY === 1 ? undefined : <T>(steps: readonly T[]) => steps.filter((_, at) => at % EVERY === 0);
    const result = await killAtEveryStep(scenario, pick, (kill) => {
      const { step } = kill;
      const what = `${scenario.name}: ${kill.result} ${step.when} ${step.name} (${step.nth})`;
      process.stderr.write([what, ...kill.problems].join("\n    ").concat("\n"));
    }).catch((error: unknown) => {
      process.stderr.write(`${scenario.name}: ${String(error)}\n`);
      throw error;
    });
    if (EVERY === 1) writeResult(result);
    expect(result.kills.flatMap(found)).toEqual([]);
    const killed = result.kills.filter((kill) => kill.result === "killed");
    total += killed.length;
    expect(killed.length).toBeGreaterThan(result.kills.length / 2);
  });
});

it.runIf(EVERY === 1)("these are at least 200 kills", () => expect(total).toBeGreaterThanOrEqual(200));
