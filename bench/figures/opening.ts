// Thousands of calls opened at the same moment: how many a second are taken, and how many connections break.

import { type Side, startFloor, startServerSide } from "../parts/sides.ts";
import { median } from "../parts/statistics.ts";
import { type Figure, row } from "../rows.ts";

const CALLS = 5_000;
const QUICK_CALLS = 400;
const ROUNDS = 3;
const QUICK_ROUNDS = 1;

interface Opened {
  readonly perSecond: number;
  /** Processor time of the process for one, ms. */
  readonly cpuMs: number;
  /** By their error code. */
  readonly broken: number;
  readonly problem?: string | undefined;
}

export const opening: Figure = {
  name: "opening",
  about: "5,000 calls opened at once",
  async run(run) {
    const count = run.quick ? QUICK_CALLS : CALLS;
    const rounds = run.quick ? QUICK_ROUNDS : ROUNDS;
    const ours: Opened[] = [];
    const floor: Opened[] = [];
    for (let round = 0; round < rounds; round += 1) {
      run.say(`opening: ${count} calls at once, round ${round + 1} of ${rounds}`);
      ours.push(await openAll(await startServerSide(), count));
      floor.push(await openAll(await startFloor(), count));
    }
    const rates = (opened: readonly Opened[]) => median(opened.map(({ perSecond }) => perSecond));
    const cpu = (opened: readonly Opened[]) => median(opened.map(({ cpuMs }) => cpuMs));
    const breaks = (opened: readonly Opened[]) => opened.reduce((sum, { broken }) => sum + broken, 0);
    run.add(
      row({
        id: "opening.rate",
        figure: "opening",
        what: `calls taken a second, ${count.toLocaleString("en")} opened at once`,
        unit: "per second",
        value: rates(ours),
        floor: rates(floor),
        target: { of: "value", is: "at least", limit: 1_000 },
        samples: rounds,
      }),
    );
    run.add(
      row({
        id: "opening.cpu",
        figure: "opening",
        what: "processor time for one of them",
        unit: "ms",
        value: cpu(ours),
        floor: cpu(floor),
        samples: rounds,
      }),
    );
    run.add(
      row({
        id: "opening.broken",
        figure: "opening",
        what: `connections that broke, of ${(count * rounds).toLocaleString("en")}`,
        unit: "count",
        value: breaks(ours),
        floor: breaks(floor),
        target: { of: "value", is: "at most", limit: 0 },
        note: ours.find(({ problem }) => problem !== undefined)?.problem,
      }),
    );
  },
};

/** Taken: its first note of progress has come, so its row is written. */
async function openAll(side: Side, count: number): Promise<Opened> {
  const warm = side.open();
  await side.waiting(warm);
  const before = await side.child.usage();
  const start = performance.now();
  const calls = Array.from({ length: count }, () => side.open());
  const results = await Promise.allSettled(calls.map((call) => call.taken));
  const taken = results.flatMap((result) => (result.status === "fulfilled" ? [result.value.at] : []));
  const errors = results.flatMap((result) => (result.status === "rejected" ? [String(result.reason)] : []));
  const { cpuMs } = await side.child.usage();
  for (const call of [warm, ...calls]) call.drop();
  await side.close();
  if (taken.length === 0) throw new Error(`no call was taken: ${errors[0]}`);
  return {
    perSecond: (taken.length / (Math.max(...taken) - start)) * 1_000,
    cpuMs: (cpuMs - before.cpuMs) / count,
    broken: errors.length,
    problem: errors[0],
  };
}
