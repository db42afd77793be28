// What is kept of the runs, in bench/results: the page docs/performance.md is made of it.
import type { Machine } from "./parts/machine.ts";
import type { Row } from "./rows.ts";

/** bench.json */
export interface BenchResult extends Machine {
  /** As `load`, after the run. */
  readonly loadAfter: number;
  readonly quick: boolean;
  readonly rows: readonly Row[];
}

/** steps.json: what each change bought, measured before and after it on one machine. */
export interface Step {
  /** What was changed, a few words. */
  readonly step: string;
  /** What was measured, with its unit. */
  readonly figure: string;
  readonly before: string;
  readonly after: string;
  /** The commit, or several. */
  readonly commit: string;
}

/** soak.json and week.json: something that was looked at over time, and what of it has to be flat or absent. */
export interface EnduranceResult extends Machine {
  /** What ran: "30 minutes, 5 requests a second". */
  readonly what: string;
  readonly requests: number;
  readonly checks: readonly Check[];
}

export interface Check {
  readonly what: string;
  /** As a person reads it, with its unit. */
  readonly found: string;
  readonly limit: string;
  readonly met: boolean;
}

export interface Results {
  readonly bench?: BenchResult | undefined;
  readonly soak?: EnduranceResult | undefined;
  readonly week?: EnduranceResult | undefined;
  readonly steps: readonly Step[];
}
