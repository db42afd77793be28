// Looks whether twice the input costs far more than twice the time. Processor time, each size several times, the least counts:
// what else the machine does only ever adds.
import type { Target } from "./target.ts";

const DOUBLINGS = 3;
const TRIES = 3;
/** Twice the size may cost this many times as much: n log n and a cache that is left behind are below, a square is at 4. */
const MOST = 3;
/** Below this a time is mostly what the process does besides, ms. */
const LEAST_MS = 4;

/** @returns what grows faster than its input, a line each */
export async function growth(targets: readonly Target[], say: (line: string) => void): Promise<string[]> {
  const found: string[] = [];
  for (const target of targets) {
    const parts = await target.open();
    for (const { name, from, run } of parts.growth ?? []) {
      const times: number[] = [];
      for (let step = 0; step <= DOUBLINGS; step += 1)
        times.push(await leastTime(() => run(from * 2 ** step)));
      const ratios = times.slice(1).map((time, at) => time / Math.max(times[at] ?? 0, LEAST_MS));
      const line = `${target.name}, ${name}: ${times.map((time) => time.toFixed(1)).join(" → ")} ms`;
      say(line);
      if ((ratios.at(-1) ?? 0) > MOST) found.push(line);
    }
    await parts.close?.();
  }
  return found;
}

async function leastTime(task: () => unknown): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < TRIES; turn += 1) {
    const before = process.cpuUsage();
    await task();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1_000);
  }
  return least;
}
