// Runs checks side by side, each with a deadline, and hands the results on in order. No check can end the others.
import type { Clock } from "../core/ports/clock.ts";
import { withDeadline } from "../core/timing.ts";
import { ConfigError, DeliveryError } from "../domain/errors.ts";
import { type Check, type CheckResult, failure } from "./check.ts";

export interface Finding extends CheckResult {
  readonly description: string;
  /** What was done about it, a line each; what is said beside it holds after that. */
  readonly fixed?: readonly string[] | undefined;
}

export interface RunOptions {
  /** Whether what is safe is put right: then the check is run once more. Default: nothing is changed. */
  readonly isFixing?: boolean | undefined;
}

/** How long one check may take, ms. */
const CHECK_LIMIT_MS = 30_000;

/** Yields the findings in the order of the checks, each as soon as it is there. Never throws. */
export async function* runChecks(
  checks: readonly Check[],
  clock: Clock,
  { isFixing = false }: RunOptions = {},
): AsyncGenerator<Finding> {
  const running = checks.map((check) => ({ check, result: resultOf(check, clock) }));
  for (const { check, result } of running) {
    const found = await result;
    const settled = isFixing && found.fix !== undefined ? await fixed(check, found, clock) : found;
    yield { description: check.description, ...settled };
  }
}

async function fixed(check: Check, found: CheckResult, clock: Clock): Promise<Omit<Finding, "description">> {
  const lines: string[] = [];
  const attempt = await resultOf(
    {
      ...check,
      run: async () => {
        lines.push(...((await found.fix?.()) ?? []));
        return check.run();
      },
    },
    clock,
  );
  return { ...attempt, fixed: lines };
}

function resultOf(check: Check, clock: Clock): Promise<CheckResult> {
  const reason = () =>
    new DeliveryError(`no result within ${CHECK_LIMIT_MS / 1000} s`, "Check the network, then try again.");
  return withDeadline(CHECK_LIMIT_MS, () => check.run(), { clock, reason }).catch(explain);
}

function explain(error: unknown): CheckResult {
  if (error instanceof DeliveryError) return failure(error.message, error.advice);
  if (error instanceof ConfigError) return failure(error.problems.join("\n"), "Correct what is named here.");
  const words = error instanceof Error ? error.message : String(error);
  return failure(`the check itself failed: ${words}`, "Report it as a bug of the approval server.");
}
