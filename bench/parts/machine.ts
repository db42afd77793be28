// Where a run was made: what a reader needs to judge its numbers. Nothing that names the machine.
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";

export interface Machine {
  /** Of the day, `2026-01-31`. */
  readonly date: string;
  readonly node: string;
  readonly platform: string;
  readonly cores: number;
  readonly processor: string;
  /** GB. */
  readonly memory: number;
  /** How many processes wanted to run in the last minute, on average, before the run. */
  readonly load: number;
}

export function machine(): Machine {
  return {
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cores: availableParallelism(),
    processor: cpus()[0]?.model.trim() ?? "unknown",
    memory: Math.round(totalmem() / 1e9),
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  };
}
