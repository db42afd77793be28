// The numbers of the last run of the crash matrix, as docs/reliability.md shows them.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ScenarioResult } from "./crash-matrix.ts";

interface ScenarioNumbers {
  readonly scenario: string;
  readonly steps: number;
  readonly kills: number;
  readonly problems: number;
  /** Medians and the longest, ms. */
  readonly freshMs: number;
  readonly healthyMs: number;
  readonly healthyMaxMs: number;
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

/** In the place of what was known of the same scenario. */
export function writeResult(result: ScenarioResult): void {
  const { version, platform, arch } = process;
  const others = (readResults()?.scenarios ?? []).filter(({ scenario }) => scenario !== result.scenario);
  const scenarios = [...others, numbersOf(result)].sort((one, other) =>
    one.scenario.localeCompare(other.scenario),
  );
  const results: Results = { node: version, platform: `${platform} ${arch}`, scenarios };
  writeFileSync(FILE, `${JSON.stringify(results, null, 2)}\n`);
}

function numbersOf({ scenario, steps, kills, freshMs }: ScenarioResult): ScenarioNumbers {
  const healthy = kills.flatMap(({ healthyInMs }) => healthyInMs ?? []);
  return {
    scenario,
    steps,
    kills: kills.filter(({ result }) => result === "killed").length,
    problems: kills.flatMap(({ problems }) => problems).length,
    freshMs: median(freshMs),
    healthyMs: median(healthy),
    healthyMaxMs: Math.round(Math.max(0, ...healthy)),
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0);
}
