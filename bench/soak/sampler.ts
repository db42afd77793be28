// What is looked at while a soak runs, and how "flat" is judged.
import { existsSync, readdirSync, statSync } from "node:fs";
import type { ServerSide } from "../parts/sides.ts";
import { fitLine } from "../parts/statistics.ts";
import type { Check } from "../results.ts";

export interface Sample {
  /** Since the start, ms. */
  readonly at: number;
  /** Requests made so far. */
  readonly requests: number;
  readonly heap: number;
  readonly rss: number;
  readonly handles: number;
  /** Open files and sockets; undefined where the system does not tell. */
  readonly files: number | undefined;
  readonly database: number;
  readonly wal: number;
  readonly log: number;
}

export async function takeSample(server: ServerSide, at: number, requests: number): Promise<Sample> {
  const { heapUsed, rss, handles } = await server.child.usage(true);
  const size = (file: string) => (existsSync(file) ? statSync(file).size : 0);
  return {
    at,
    requests,
    heap: heapUsed,
    rss,
    handles: Object.values(handles).reduce((sum, count) => sum + count, 0),
    files: openFiles(server.child.pid),
    database: size(server.databasePath),
    wal: size(`${server.databasePath}-wal`),
    log: server.logBytes(),
  };
}

function openFiles(pid: number): number | undefined {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return undefined;
  }
}

/** The first third warms up: code is compiled, caches fill to their limits. */
const WARM_UP = 1 / 3;
/** Fewer samples than this after it say nothing about a slope. */
const FEWEST = 30;

/** How much the fitted line may rise from the end of the warm-up to the end. */
const LIMITS = {
  heap: { share: 0.05, least: 1e6 },
  rss: { share: 0.1, least: 8e6 },
  handles: { share: 0.1, least: 4 },
  files: { share: 0.1, least: 4 },
} as const;
const NAMES = { heap: "heap", rss: "resident memory", handles: "handles", files: "open files" } as const;
/** The most that the write-ahead log may hold: it is emptied after each decision. */
const WAL_LIMIT = 4e6;
/** How much more a request of the second half may add to a file than one of the first. */
const GROWTH = 1.25;

/** @returns nothing where there are too few samples to judge */
export function flatChecks(samples: readonly Sample[]): Check[] {
  const judged = samples.slice(Math.ceil(samples.length * WARM_UP));
  if (judged.length < FEWEST) return [];
  const kinds = ["heap", "rss", "handles", "files"] as const;
  return [
    ...kinds.flatMap((kind) => {
      const points = judged.flatMap(({ at, [kind]: y }) => (y === undefined ? [] : [[at, y] as const]));
      return points.length < judged.length ? [] : [flat(kind, points)];
    }),
    ...(["database", "log"] as const).map((kind) => steady(kind, judged)),
    walCheck(samples),
  ];
}

function flat(kind: keyof typeof LIMITS, points: readonly (readonly [number, number])[]): Check {
  const { slope, start } = fitLine(points);
  const [from, to] = [points[0]?.[0] ?? 0, points.at(-1)?.[0] ?? 0];
  const level = start + slope * from;
  const rise = slope * (to - from);
  const { share, least } = LIMITS[kind];
  const limit = Math.max(share * level, least);
  const text = (value: number) =>
    kind === "heap" || kind === "rss" ? `${(value / 1e6).toFixed(1)} MB` : value.toFixed(1);
  return {
    what: `${NAMES[kind]}: rise of the fitted line`,
    found: `${text(rise)}, from ${text(level)}`,
    limit: `≤ ${text(limit)}`,
    met: rise <= limit,
  };
}

function steady(kind: "database" | "log", samples: readonly Sample[]): Check {
  const middle = samples[Math.floor(samples.length / 2)] as Sample;
  const [first, last] = [samples[0] as Sample, samples.at(-1) as Sample];
  const perRequest = (from: Sample, to: Sample) =>
    (to[kind] - from[kind]) / Math.max(1, to.requests - from.requests);
  const [before, after] = [perRequest(first, middle), perRequest(middle, last)];
  return {
    what: `${kind}: bytes a request, second half`,
    found: `${Math.round(after)}, first half ${Math.round(before)}`,
    limit: `≤ ${GROWTH} × the first half`,
    met: after <= before * GROWTH,
  };
}

function walCheck(samples: readonly Sample[]): Check {
  const largest = Math.max(...samples.map(({ wal }) => wal));
  return {
    what: "write-ahead log: largest",
    found: `${(largest / 1e6).toFixed(2)} MB`,
    limit: `≤ ${WAL_LIMIT / 1e6} MB`,
    met: largest <= WAL_LIMIT,
  };
}
