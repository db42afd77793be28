// Kills a server at every step of a scenario, one after the other, each time on the record that the kills before have left.
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { verifyLog } from "../../src/audit/verify-log.ts";
import type { SimMessage } from "../../src/simulator/contract.ts";
import { openEventReader } from "../../src/store/event-reader.ts";
import { createAct } from "./act.ts";
import { broken } from "./invariants.ts";
import type { Scenario } from "./scenarios.ts";
import { createWorld, PATIENCE_MS, type Step, TOKEN, type World } from "./world.ts";

export interface Kill {
  readonly step: Step;
  /** `missed`: what happened took another turn, and the step was not reached. `stuck`: it was not killed, and nothing came. */
  readonly result: "killed" | "missed" | "stuck";
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
  while (kills.length < steps.length) {
    const world = await createWorld(scenario);
    try {
      freshMs.push((await world.start())?.startedInMs ?? 0);
      await known(world, scenario);
      for (const step of steps.slice(kills.length, kills.length + KILLS_A_WORLD)) {
        const kill = await killOnce(world, scenario, step);
        kills.push(kill);
        onKill(kill);
        // Its request waits, and would be seen beside the next one.
        if (kill.result === "stuck") break;
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
    await known(world, scenario);
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
async function known(world: World, { hasWebhook, run }: Scenario): Promise<void> {
  await world.server.quiet();
  // Without a webhook nothing is read while nothing waits.
  if (hasWebhook === false) await run(createAct(world));
  else {
    await world.twilio.type("STATUS");
    const isTold = ({ body }: SimMessage) => body.includes("requests are sent to the phone");
    await world.twilio.waitForMessage(isTold, AbortSignal.timeout(PATIENCE_MS));
  }
  await world.server.quiet();
}

/** After one step and before the next there is one state: it is tried once. */
function distinct(steps: readonly Step[]): readonly Step[] {
  return steps.filter(({ when }, at) => when === "before" || steps[at + 1]?.when !== "before");
}

/** The event log must be whole, and say of each request what its row says. */
async function chainProblems({ databasePath }: World): Promise<readonly string[]> {
  const reader = openEventReader(databasePath);
  try {
    const { problems } = verifyLog(reader, { secrets: [TOKEN] });
    return problems.map(
      ({ seq, requestId, problem }) => `event log, ${requestId ?? seq ?? "whole"}: ${problem}`,
    );
  } finally {
    reader.close();
  }
}

async function killOnce(world: World, scenario: Scenario, step: Step): Promise<Kill> {
  const { server } = world;
  await server.quiet();
  await server.arm(step);
  const act = createAct(world);
  let stuck: string | undefined;
  const whole = await scenario.run(act).then(
    () => true,
    async (error: unknown) => {
      // A connection breaks a moment before the system says that its process has ended.
      if (!server.ended.aborted) await Promise.race([once(server.ended, "abort"), sleep(2_000)]);
      if (!server.ended.aborted) stuck = `it goes on, and nothing comes: ${String(error)}`;
      return false;
    },
  );
  if (stuck !== undefined) return { step, result: "stuck", problems: [stuck] };
  // What comes after the last word, for example that it was sent.
  if (whole && !server.ended.aborted) await server.quiet().catch(() => {});
  // Steps after the last word may end it at any moment.
  if (!server.ended.aborted) await server.arm(undefined).catch(() => {});
  const isMissed = !server.ended.aborted || (server.wasStopped() && step.signal === undefined);
  if (!server.ended.aborted) return { step, result: "missed", problems: [] };
  await act.settled();
  const left = scenario.processes?.(world.dir) ?? [];
  const next = await world.start();
  if (next === undefined) throw new Error("it was not to be killed");
  await next.quiet();
  const problems = await broken(act, scenario, left, chainProblems);
  return { step, result: isMissed ? "missed" : "killed", problems, healthyInMs: next.startedInMs };
}
