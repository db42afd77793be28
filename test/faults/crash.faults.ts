// The crash matrix: a server is killed at every step of what it does, and everything must hold after its next start.
import { beforeAll, describe, expect, it } from "vitest";
import {
  type Kill,
  killAgain,
  killAtEveryStep,
  type OnKill,
  type Pick,
  type ScenarioResult,
} from "./crash-matrix.ts";
import { keepOnly, writeResult } from "./results.ts";
import { SCENARIOS, scenarioOf } from "./scenarios.ts";
import { killEveryStart, STARTS } from "./start-matrix.ts";
import type { Step } from "./world.ts";

/** For a quick look by hand: every so many steps. A part of the matrix is no result. */
const EVERY = Number(process.env["FAULT_EVERY"] ?? 1);
/** Of more steps, so many that lie evenly are tried: a night has time for all, whoever waits has not. */
const MOST = Number(process.env["FAULT_MOST"] ?? 40);

const pick: Pick = (steps) => {
  const some = steps.filter((_, at) => at % EVERY === 0);
  const every = Math.max(1, some.length / MOST);
  return some.filter((_, at) => Math.floor(at / every) !== Math.floor((at - 1) / every));
};

interface Part {
  readonly name: string;
  readonly kill: (onKill: OnKill) => Promise<ScenarioResult>;
}

interface Again {
  readonly name: string;
  /** The scenario in which the first kill happens, and where. */
  readonly of: string;
  readonly first: Step;
}

/** A server is killed, and the next one at every step of its start and of what it makes up for. */
const AGAIN: readonly Again[] = [
  {
    name: "recovery of a request that was tapped",
    of: "request, approved and verified",
    first: { name: "store settle", nth: 1, when: "before" },
  },
  {
    name: "recovery of a request that was decided",
    of: "request, approved and verified",
    first: { name: "journal ended", nth: 1, when: "before" },
  },
  {
    name: "recovery of a grant that was given",
    of: "grant, given and used",
    first: { name: "journal ended", nth: 1, when: "before" },
  },
  {
    name: "recovery of a script that runs",
    of: "script",
    first: { name: "spawn", nth: 1, when: "after" },
  },
];

const PARTS: readonly Part[] = [
  ...SCENARIOS.map((scenario) => ({
    name: scenario.name,
    kill: (onKill: OnKill) => killAtEveryStep(scenario, pick, onKill),
  })),
  ...STARTS.map((start) => ({
    name: start.name,
    kill: (onKill: OnKill) => killEveryStart(start, pick, onKill),
  })),
  ...AGAIN.map(({ name, of, first }) => ({
    name,
    kill: (onKill: OnKill) => killAgain({ ...scenarioOf(of), name }, first, pick, onKill),
  })),
];

let total = 0;

function found({ step, problems }: Kill): readonly string[] {
  return problems.map((problem) => `${step.when} ${step.name} (${step.nth}): ${problem}`);
}

beforeAll(() => keepOnly(PARTS.map(({ name }) => name)));

// Two at once, as the configuration says: a server that starts keeps one core busy.
describe.concurrent("killed at every step", () => {
  it.each(PARTS)("of: $name", async ({ name, kill }) => {
    let since = performance.now();
    const result = await kill((each) => {
      const { step, healthyInMs = 0 } = each;
      const now = performance.now();
      const times = `healthy in ${Math.round(healthyInMs)} ms, ${Math.round(now - since)} ms in all`;
      since = now;
      const what = `${name}: ${each.result} ${step.when} ${step.name} (${step.nth}), ${times}`;
      process.stderr.write([what, ...each.problems].join("\n    ").concat("\n"));
    }).catch((error: unknown) => {
      process.stderr.write(`${name}: ${String(error)}\n`);
      throw error;
    });
    if (EVERY === 1) writeResult(result);
    expect(result.kills.flatMap(found)).toEqual([]);
    const killed = result.kills.filter((each) => each.result === "killed");
    total += killed.length;
    expect(killed.length).toBeGreaterThan(result.kills.length / 2);
  });
});

it.runIf(EVERY === 1)("these are at least 200 kills", () => expect(total).toBeGreaterThanOrEqual(200));
