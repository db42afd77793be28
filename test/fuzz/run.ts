// Runs targets in this process for a number of cases or a time, one batch of each after the other. workers.ts does it in several.
import { runBatch } from "./batch.ts";
import type { Target } from "./target.ts";

export interface RunOptions {
  readonly targets: readonly Target[];
  /** Over all targets. */
  readonly cases: number;
  readonly seed: number;
  /** Where in a seed's cases: what fast-check has printed. One target only. */
  readonly path?: string | undefined;
  readonly say: (line: string) => void;
}

export interface TargetRun {
  readonly name: string;
  cases: number;
  /** User and system, ms. */
  cpuMs: number;
  /** Lines that show each failure again. */
  readonly failures: string[];
}

/** How many cases are made of one seed, where they are counted out beforehand. */
export const BATCH = 1_000;
/** More failures of one target are most often the same one. */
export const MAX_FAILURES = 5;

/** @returns how many of the cases each target gets, in their order: by their shares, one at least */
export function sharesOf(targets: readonly Target[], cases: number): number[] {
  const shares = targets.reduce((sum, { share }) => sum + share, 0);
  return targets.map(({ share }) => Math.max(1, Math.round((cases * share) / shares)));
}

/** Never throws for what a target finds. */
export async function run({ targets, cases, seed, path, say }: RunOptions): Promise<TargetRun[]> {
  const counts = sharesOf(targets, cases);
  const runs: TargetRun[] = [];
  for (const [at, target] of targets.entries()) {
    const parts = await target.open();
    const done: TargetRun = { name: target.name, cases: 0, cpuMs: 0, failures: [] };
    runs.push(done);
    try {
      let left = path === undefined ? (counts[at] ?? 1) : 1;
      for (let turn = 0; left > 0 && done.failures.length < MAX_FAILURES; turn += 1) {
        const batch = { seed: (seed + turn) | 0, cases: Math.min(left, BATCH), path };
        const result = await runBatch(target, parts, batch);
        left -= batch.cases;
        done.cases += result.cases;
        done.cpuMs += result.cpuMs;
        if (result.failure === undefined) continue;
        done.failures.push(result.failure.again);
        say(result.failure.report);
      }
    } finally {
      await parts.close?.();
    }
  }
  return runs;
}
