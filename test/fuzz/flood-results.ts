// What a run of the floods has measured, as it is kept beside them and printed on docs/floods.md.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Approvals } from "./approve.ts";

export interface FloodResults {
  readonly date: string;
  readonly node: string;
  readonly platform: string;
  readonly cores: number;
  /** Of the machine in the last minute, before and after. */
  readonly load: readonly [number, number];
  /** How many are tried each time. */
  readonly approvals: number;
  readonly limited: Flooded;
  readonly unlimited: Flooded;
}

export interface Flooded {
  readonly before: Measured;
  readonly rows: readonly FloodRow[];
}

interface FloodRow {
  readonly attack: string;
  readonly port: "local" | "public";
  /** Held before the attack, MB. */
  readonly before: number;
  readonly during: Measured;
  /** Undefined without limits: nobody runs a server like that, and what was left of one attack is not of interest. */
  readonly after: Measured | undefined;
}

export interface Measured extends Approvals {
  /** The most resident memory meanwhile, MB: of the server, its simulated phone and whoever asks, in one process. */
  readonly rss: number;
  /** What is held after a collection, MB; 0 while an attack goes on. */
  readonly heap: number;
}

/** @param root the repository */
export const floodsFile = (root: string) => join(root, "test", "fuzz", "floods.json");

export function readFloods(file: string): FloodResults | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as FloodResults) : undefined;
}

export function writeFloods(file: string, results: FloodResults): void {
  writeFileSync(file, `${JSON.stringify(results, undefined, 2)}\n`);
}

/** What did not get through while the limits were in force, or did not afterwards: a line each. */
export function problemsOf({ limited, approvals }: FloodResults): string[] {
  return limited.rows.flatMap(({ attack, port, during, after }) =>
    [during, after]
      .filter((each) => each !== undefined)
      .filter(({ through }) => through < approvals)
      .map(
        ({ through, failed }) => `${attack}, ${port} port: ${through} of ${approvals}. ${failed.join(" ")}`,
      ),
  );
}
