// Kills a server at every step of a scenario, one after the other, each time on the record that the kills before have left.
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { verifyLog } from "../../src/audit/verify-log.ts";
import type { SimMessage } from "../../src/simulator/contract.ts";
import { openEventReader } from "../../src/store/event-reader.ts";
import { createAct } from "./act.ts";
import { broken } from "./invariants.ts";
import type { Scenario } from "./scenarios.ts";
import { createWorld, type FaultServer, PATIENCE_MS, type Step, TOKEN, type World } from "./world.ts";

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
  /** That there are, whether or not each was tried. */
  readonly steps: number;
  readonly kills: readonly Kill[];
  /** Starts on a record that was not killed, ms: what `healthyInMs` is to be seen beside. */
  readonly freshMs: readonly number[];
}

export type Pick = (steps: readonly Step[]) => readonly Step[];
export type OnKill = (kill: Kill) => void;

/** After so many kills a new world: what Twilio lists of the last minutes is read at each start. */
const KILLS_A_WORLD = 12;
const all: Pick = (steps) => steps;

/** @param pick which of the steps are tried; default: all */
export async function killAtEveryStep(
  scenario: Scenario,
  pick: Pick = all,
  onKill: OnKill = () => {},
): Promise<ScenarioResult> {
  const freshMs: number[] = [];
  const steps = distinct(await dryRun(scenario, freshMs));
  return { ...(await killAt(scenario, pick(steps), freshMs, onKill)), steps: steps.length };
}

/** Kills it at these steps. @param freshMs gets how long it starts without having been killed */
export function killAt(
  scenario: Scenario,
  steps: readonly Step[],
  freshMs: number[] = [],
  onKill: OnKill = () => {},
): Promise<ScenarioResult> {
  return killEach(scenario, steps, (world, step) => killOnce(world, scenario, step), freshMs, onKill);
}

/** Kills it at this step, and the next one at every step of its start and of what it makes up for. */
export async function killAgain(
  scenario: Scenario,
  first: Step,
  pick: Pick = all,
  onKill: OnKill = () => {},
): Promise<ScenarioResult> {
  const freshMs: number[] = [];
  const steps = distinct(await recovery(scenario, first, freshMs));
  const killOne = (world: World, step: Step) => killOnce(world, scenario, first, step);
  return { ...(await killEach(scenario, pick(steps), killOne, freshMs, onKill)), steps: steps.length };
}

async function killEach(
  scenario: Scenario,
  steps: readonly Step[],
  killOne: (world: World, step: Step) => Promise<Kill>,
  freshMs: number[],
  onKill: OnKill,
): Promise<ScenarioResult> {
  const kills: Kill[] = [];
  while (kills.length < steps.length) {
    const world = await createWorld(scenario);
    try {
      freshMs.push((await startWhole(world)).startedInMs);
      await known(world, scenario);
      for (const step of steps.slice(kills.length, kills.length + KILLS_A_WORLD)) {
        const kill = await killOne(world, step);
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

export async function startWhole(world: World): Promise<FaultServer> {
  const server = await world.start();
  if (server === undefined) throw new Error("it was not to be killed");
  return server;
}

async function dryRun(scenario: Scenario, freshMs: number[]): Promise<readonly Step[]> {
  const world = await createWorld(scenario);
  try {
    const server = await startWhole(world);
    freshMs.push(server.startedInMs);
    await known(world, scenario);
    await scenario.ready?.(createAct(world));
    await server.arm(undefined);
    const act = createAct(world);
    await scenario.run(act);
    if (!server.ended.aborted) await server.quiet();
    return await stepsOf(server);
  } finally {
    await world.close();
  }
}

async function stepsOf(server: FaultServer): Promise<readonly Step[]> {
  const steps = await server.steps();
  process.stderr.write(`${distinct(steps).length} steps\n`);
  return steps;
}

/** The steps of the start after a kill. */
async function recovery(scenario: Scenario, first: Step, freshMs: number[]): Promise<readonly Step[]> {
  const world = await createWorld(scenario);
  try {
    freshMs.push((await startWhole(world)).startedInMs);
    await known(world, scenario);
    await scenario.ready?.(createAct(world));
    await world.server.arm(first);
    const act = createAct(world);
    await scenario.run(act).catch(() => {});
    await gone(world.server);
    await act.settled();
    const next = await startWhole(world);
    await next.quiet();
    return await stepsOf(next);
  } finally {
    await world.close();
  }
}

/** The phone has written before, as every phone has that uses the Sandbox. */
async function known(world: World, { hasWebhook, run }: Scenario): Promise<void> {
  await world.server.quiet();
  // Without a webhook nothing is read while nothing waits.
  if (hasWebhook === false) {
    await afterItsStart();
    await run(createAct(world));
  } else {
    await world.phone.type("STATUS");
    const isTold = ({ body }: SimMessage) => body.includes("requests are sent to the phone");
    await world.phone.waitForMessage(isTold, AbortSignal.timeout(PATIENCE_MS));
  }
  await world.server.quiet();
}

/** Twilio's list has whole seconds: what came in the second of the start is taken for something from before it. */
async function afterItsStart(): Promise<void> {
  await sleep(1_000);
}

/** After one step and before the next there is one state: it is tried once. */
export function distinct(steps: readonly Step[]): readonly Step[] {
  return steps.filter(({ when }, at) => when === "before" || steps[at + 1]?.when !== "before");
}

/** The event log must be whole, and say of each request what its row says. */
export async function chainProblems({ databasePath }: World): Promise<readonly string[]> {
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

/** A connection breaks a moment before the system says that its process has ended. */
async function gone({ ended }: FaultServer): Promise<boolean> {
  if (!ended.aborted) await Promise.race([once(ended, "abort"), sleep(2_000)]);
  return ended.aborted;
}

/** @param again where the next one is killed while it starts, or makes up for the first kill */
async function killOnce(world: World, scenario: Scenario, step: Step, again?: Step): Promise<Kill> {
  const { server } = world;
  await server.quiet();
  await scenario.ready?.(createAct(world));
  await server.arm(step);
  const act = createAct(world);
  let stuck: string | undefined;
  const whole = await scenario.run(act).then(
    () => true,
    async (error: unknown) => {
      if (!(await gone(server))) stuck = `it goes on, and nothing comes: ${String(error)}`;
      return false;
    },
  );
  const at = again ?? step;
  if (stuck !== undefined) return { step: at, result: "stuck", problems: [stuck] };
  // What comes after the last word, for example that it was sent.
  if (whole && !server.ended.aborted) await server.quiet().catch(() => {});
  // Steps after the last word may end it at any moment.
  if (!server.ended.aborted) await server.arm(undefined).catch(() => {});
  const isMissed = !server.ended.aborted || (server.wasStopped() && step.signal === undefined);
  if (!server.ended.aborted) {
    // All of it must hold here, too; and what it has closed is open again for the next one.
    await act.settled();
    return {
      step: at,
      result: "missed",
      problems: await broken(act, scenario, [], { verify: chainProblems }),
    };
  }
  const before = scenario.processes?.(world.dir) ?? [];
  // Who waited for the server that is gone reads on while the next one starts.
  const [wasKilledAgain] = await Promise.all([
    again === undefined ? true : killedWhileItStarts(world, again),
    act.settled(),
  ]);
  const next = await startWhole(world);
  await next.quiet();
  // A program that was just started says a moment later which process it is; the next run starts none of them, but for some.
  const left = scenario.startsAgain === true ? before : (scenario.processes?.(world.dir) ?? []);
  const problems = await broken(act, scenario, left, { verify: chainProblems, isTwice: again !== undefined });
  const result = isMissed || !wasKilledAgain ? "missed" : "killed";
  return { step: at, result, problems, healthyInMs: next.startedInMs };
}

/** @returns whether the step was reached; either way no server runs any more */
export async function killedWhileItStarts(world: World, step: Step): Promise<boolean> {
  const server = await world.start(step);
  if (server === undefined) return true;
  // What it makes up for goes on after its start.
  await server.quiet().catch(() => {});
  if (server.ended.aborted) return true;
  await server.end("SIGKILL");
  return false;
}
