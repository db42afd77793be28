// Kills a server at every step of a scenario, one after the other, each time on the record that the kills before have left.
import { createAct } from "./act.ts";
import { broken } from "./invariants.ts";
import type { Scenario } from "./scenarios.ts";
import { createWorld, PATIENCE_MS, type Step, type World } from "./world.ts";

export interface Kill {
  readonly step: Step;
  /** `missed`: what happened took another turn, and the step was not reached. */
  readonly result: "killed" | "missed";
  readonly problems: readonly string[];
  /** From the restart to a `/health` that says that all is well, ms. */
  readonly healthyInMs?: number;
}

export interface ScenarioResult {
  readonly scenario: string;
  readonly steps: number;
  readonly kills: readonly Kill[];
  /** Starts on a record that was not killed, ms: what `healthyInMs` is to be seen beside. */
  readonly freshMs: readonly number[];
}

/** After so many kills a new world: what Twilio lists of the last minutes is read at each start. */
const KILLS_A_WORLD = 12;

/** @param pick which of the steps are tried; default: all */
export async function killAtEveryStep(
  scenario: Scenario,
  pick: (steps: readonly Step[]) => readonly Step[] = (all) => all,
  onKill: (kill: Kill) => void = () => {},
): Promise<ScenarioResult> {
  const freshMs: number[] = [];
  const steps = pick(distinct(await dryRun(scenario, freshMs)));
  return killAt(scenario, steps, freshMs, onKill);
}

/** Kills it at these steps. @param freshMs gets how long it starts without having been killed */
export async function killAt(
  scenario: Scenario,
  steps: readonly Step[],
  freshMs: number[] = [],
  onKill: (kill: Kill) => void = () => {},
): Promise<ScenarioResult> {
  const kills: Kill[] = [];
  for (let at = 0; at < steps.length; at += KILLS_A_WORLD) {
    const world = await createWorld(scenario);
    try {
      freshMs.push((await world.start())?.startedInMs ?? 0);
      await known(world);
      for (const step of steps.slice(at, at + KILLS_A_WORLD)) {
        const kill = await killOnce(world, scenario, step);
        kills.push(kill);
        onKill(kill);
      }
    } finally {
      await world.close();
    }
  }
  return { scenario: scenario.name, steps: steps.length, kills, freshMs };
}

async function dryRun(scenario: Scenario, freshMs: number[]): Promise<readonly Step[]> {
  const world = await createWorld(scenario);
  try {
    const server = await world.start();
    if (server === undefined) throw new Error("it was not to be killed");
    freshMs.push(server.startedInMs);
    await known(world);
    await server.arm(undefined);
    const act = createAct(world);
    await scenario.run(act);
    if (!server.ended.aborted) await server.quiet();
    return await server.steps();
  } finally {
    await world.close();
  }
}

/** The phone has written before, as every phone has that uses the Sandbox. */
async function known(world: World): Promise<void> {
  await world.server.quiet();
  await world.twilio.type("STATUS");
  await world.twilio.waitForMessage(
    ({ body }) => body.includes("requests are sent to the phone"),
    AbortSignal.timeout(PATIENCE_MS),
  );
  await world.server.quiet();
}

/** After one step and before the next there is one state: it is tried once. */
function distinct(steps: readonly Step[]): readonly Step[] {
  return steps.filter(({ when }, at) => when === "before" || steps[at + 1]?.when !== "before");
}

async function killOnce(world: World, scenario: Scenario, step: Step): Promise<Kill> {
  const { server } = world;
  await server.quiet();
  await server.arm(step);
  const act = createAct(world);
  const whole = await scenario.run(act).then(
    () => true,
    (error: unknown) => {
      if (!server.ended.aborted) throw error;
      return false;
    },
  );
  // What comes after the last word, for example that it was sent.
  if (whole && !server.ended.aborted) await server.quiet().catch(() => {});
  if (!server.ended.aborted) await server.arm(undefined);
  const isMissed = !server.ended.aborted || server.wasStopped();
  if (!server.ended.aborted) return { step, result: "missed", problems: [] };
  await act.settled();
  const left = scenario.processes?.(world.dir) ?? [];
  const next = await world.start();
  if (next === undefined) throw new Error("it was not to be killed");
  await next.quiet();
  const problems = await broken(act, scenario, left);
  return { step, result: isMissed ? "missed" : "killed", problems, healthyInMs: next.startedInMs };
}
