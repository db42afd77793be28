// Runs targets for a number of cases or a time. Each batch has a seed of its own, so that what fails is found again by one line.
import fc from "fast-check";
import type { Target } from "./target.ts";

export interface RunOptions {
  readonly targets: readonly Target[];
  /** Over all targets. */
  readonly cases: number;
  readonly seed: number;
  /** Ends the run although cases are left, ms. */
  readonly limitMs?: number | undefined;
  /** Where in a seed's cases: what fast-check has printed. One target only. */
  readonly path?: string | undefined;
  readonly say: (line: string) => void;
  /** Is told the counts before each round. */
  readonly watch?: (runs: readonly TargetRun[]) => void;
  /** How many cases are made of one seed. */
  readonly batch?: number;
}

interface TargetRun {
  readonly name: string;
  cases: number;
  /** User and system, ms. */
  cpuMs: number;
  /** Lines that show each failure again. */
  readonly failures: string[];
}

const BATCH = 1_000;
/** More failures of one target are most often the same one. */
const MAX_FAILURES = 5;
/** How much of a failing input is printed, UTF-16 units. */
const MAX_SHOWN = 4_000;

/** One batch of each target after the other, until all have their share. Never throws for what a target finds. */
export async function run({ targets, cases, seed, limitMs, path, say, watch, batch = BATCH }: RunOptions) {
  const shares = targets.reduce((sum, { share }) => sum + share, 0);
  const end = limitMs === undefined ? Number.POSITIVE_INFINITY : performance.now() + limitMs;
  const open = await Promise.all(targets.map(async (target) => ({ target, parts: await target.open() })));
  const runs = open.map(({ target, parts }) => ({
    target,
    parts,
    left: path === undefined ? Math.max(1, Math.round((cases * target.share) / shares)) : 1,
    at: 0,
    done: { name: target.name, cases: 0, cpuMs: 0, failures: [] } as TargetRun,
  }));
  try {
    while (runs.some(({ left }) => left > 0) && performance.now() < end) {
      watch?.(runs.map(({ done }) => done));
      for (const each of runs) {
        if (each.left <= 0 || performance.now() >= end) continue;
        const numRuns = Math.min(each.left, batch);
        const batchSeed = (seed + each.at) | 0;
        const before = process.cpuUsage();
        const property = fc.asyncProperty(each.parts.input, async (input) => {
          await each.parts.check(input);
        });
        const result = await fc.check(property, {
          seed: batchSeed,
          numRuns,
          ...(path === undefined ? {} : { path }),
        });
        const { user, system } = process.cpuUsage(before);
        each.done.cpuMs += (user + system) / 1_000;
        each.done.cases += result.numRuns;
        each.left -= numRuns;
        each.at += 1;
        if (!result.failed) continue;
        const { counterexample, counterexamplePath, errorInstance } = result;
        const again = `npm run fuzz -- --target ${each.target.name} --seed ${batchSeed} --path ${counterexamplePath}`;
        each.done.failures.push(again);
        say(`\n${each.target.name}: ${describe(errorInstance)}`);
        say(`input: ${fc.stringify(counterexample?.[0]).slice(0, MAX_SHOWN)}`);
        say(`again: ${again}`);
        if (each.done.failures.length >= MAX_FAILURES) each.left = 0;
      }
    }
  } finally {
    await Promise.all(open.map(({ parts }) => parts.close?.()));
  }
  return runs.map(({ done }) => done);
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message).slice(0, MAX_SHOWN) : String(error);
}
