// Some cases of one target, all from one seed: the unit in which every run goes on, and from which one line shows a failure again.
import fc from "fast-check";
import type { Opened, Target } from "./target.ts";

export interface Batch {
  readonly seed: number;
  readonly cases: number;
  /** Where in a seed's cases: what fast-check has printed. */
  readonly path?: string | undefined;
}

export interface BatchResult {
  readonly cases: number;
  /** User and system, ms. */
  readonly cpuMs: number;
  readonly failure?: Failure;
}

interface Failure {
  /** The line that shows it again. */
  readonly again: string;
  /** What went wrong, with what, and `again`: to be printed. */
  readonly report: string;
}

/** How much of a failing input is printed, and of what it led to, UTF-16 units: a log is read by people. */
const MAX_SHOWN = 2_000;

/** Never throws for what a target finds. */
export async function runBatch(
  { name }: Pick<Target, "name">,
  parts: Opened<unknown>,
  { seed, cases, path }: Batch,
): Promise<BatchResult> {
  const before = process.cpuUsage();
  const options = { seed, numRuns: cases, ...(path === undefined ? {} : { path }) };
  // A check that waits for nothing is not made to: three turns of the queue cost more than many a case.
  const result = await fc.check(parts.waits ? waiting(parts) : direct(parts), options);
  const { user, system } = process.cpuUsage(before);
  const done = { cases: result.numRuns, cpuMs: (user + system) / 1_000 };
  if (!result.failed) return done;
  const again = `npm run fuzz -- --target ${name} --seed ${seed} --path ${result.counterexamplePath}`;
  const input = shortened(fc.stringify(result.counterexample?.[0]));
  const report = `\n${name}: ${describe(result.errorInstance)}\ninput: ${input}\nagain: ${again}`;
  return { ...done, failure: { again, report } };
}

function direct({ input, check }: Opened<unknown>) {
  return fc.property(input, (value) => {
    void check(value);
    assertPristine();
  });
}

function waiting({ input, check }: Opened<unknown>) {
  return fc.asyncProperty(input, async (value) => {
    await check(value);
    assertPristine();
  });
}

/** Whatever is read, no other object has anything of it. */
function assertPristine(): void {
  for (const name in {}) throw new Error(`every object has got ${name}`);
}

function describe(error: unknown): string {
  return shortened(error instanceof Error ? (error.stack ?? error.message) : String(error));
}

function shortened(text: string): string {
  const more = text.length - MAX_SHOWN;
  return more <= 0 ? text : `${text.slice(0, MAX_SHOWN)}… and ${more.toLocaleString("en")} characters more`;
}
