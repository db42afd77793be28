// Reads bench/results.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../src/server/system.ts";
import type { BenchResult, EnduranceResult, Results, Step } from "./results.ts";

const FOLDER = join(packageRoot(), "bench", "results");

/** What is kept; a run that was never made is missing. @throws SyntaxError where a file is not JSON */
export function keptResults(): Results {
  const read = <T>(name: string): T | undefined => {
    const file = join(FOLDER, name);
    return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as T) : undefined;
  };
  return {
    bench: read<BenchResult>("bench.json"),
    soak: read<EnduranceResult>("soak.json"),
    week: read<EnduranceResult>("week.json"),
    steps: read<Step[]>("steps.json") ?? [],
  };
}
