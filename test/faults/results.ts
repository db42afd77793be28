// The numbers of the last run of the crash matrix, as docs/reliability.md shows them.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ScenarioResult } from "./crash-matrix.ts";

/** Times in ms. */
interface ScenarioNumbers {
  readonly scenario: string;
  readonly steps: number;
  readonly kills: number;
  readonly problems: number;
  /** Median of the starts that no kill came before. */
  readonly freshMs: number;
  /** From the restart to a `/health` that says that all is well. */
  readonly healthyMs: { readonly p50: number; readonly p95: number; readonly max: number };
}

export interface Results {
  readonly node: string;
  readonly platform: string;
  readonly scenarios: readonly ScenarioNumbers[];
}

const FILE = fileURLToPath(new URL("results.json", import.meta.url));

export function readResults(): Results | undefined {
  return existsSync(FILE) ? (JSON.parse(readFileSync(FILE, "utf8")) as Results) : undefined;
}

/** Forgets what there is no more. */
export function keepOnly(names: readonly string[]): void {
  const results = readResults();
  if (results !== undefined)
    write({ ...results, scenarios: results.scenarios.filter(({ scenario }) => names.includes(scenario)) });
}

/** In the place of what was known of the same scenario. */
export function writeResult(result: ScenarioResult): void {
  const { version, platform, arch } = process;
  const others = (readResults()?.scenarios ?? []).filter(({ scenario }) => scenario !== result.scenario);
  const scenarios = [...others, numbersOf(result)].sort((one, other) =>
    one.scenario.localeCompare(other.scenario),
  );
  write({ node: version, platform: `${platform} ${arch}`, scenarios });
}

function write(results: Results): void {
  writeFileSync(FILE, `${JSON.stringify(results, null, 2)}\n`);
}

function numbersOf({ scenario, steps, kills, freshMs }: ScenarioResult): ScenarioNumbers {
  const healthy = kills.flatMap(({ healthyInMs }) => healthyInMs ?? []);
  return {
    scenario,
    steps,
    kills: kills.filter(({ result }) => result === "killed").length,
    problems: kills.flatMap(({ problems }) => problems).length,
    freshMs: share(freshMs, 0.5),
    healthyMs: { p50: share(healthy, 0.5), p95: share(healthy, 0.95), max: share(healthy, 1) },
  };
}

/** @param of 0.95: what 95 of 100 do not exceed */
function share(values: readonly number[], of: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return Math.round(sorted[Math.max(0, Math.ceil(sorted.length * of) - 1)] ?? 0);
}
