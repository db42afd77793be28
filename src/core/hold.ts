// Holds a hook's call back while the terminal has time for itself. Only what a person would be asked is held: what the mode, the
// policy or a grant decides is decided at once, and a call that the permission tool asks about as well has no dialog.

import type { Outcome } from "../domain/approval.ts";
import type { Submission } from "../domain/submission.ts";
import type { GateDeps } from "./gate-contract.ts";
import type { InFlightRequests } from "./in-flight-requests.ts";
import { needsPerson } from "./policy.ts";
import type { Clock } from "./ports/clock.ts";
import { createSafeInspection } from "./safe-inspection.ts";

/** Calls that are held at once: far more than sessions ask at the same moment. What is held is counted by no other limit. */
const MAX_HELD = 50;

export interface Hold {
  /** As the gate's `holdBack`. */
  back(submission: Submission, ms: number, signals: readonly AbortSignal[]): Promise<void>;
  /** Nothing is asked any longer: what is held back is to be told so now. */
  release(): void;
}

/** @param closed what ends every request now, whatever it is */
export function createHold(
  { inspector, policy, grants, clock, log }: GateDeps,
  inFlight: Pick<InFlightRequests, "expect">,
  closed: () => Outcome | undefined,
): Hold {
  const inspect = createSafeInspection(inspector, clock, log);
  /** Each ends one hold. No signal for all: so many listeners on one are taken for a leak. */
  const endings = new Set<() => void>();
  let held = 0;

  /** Whether the request would be sent to a phone. Takes note of nothing. */
  async function asksPerson(submission: Submission): Promise<boolean> {
    if (closed() !== undefined) return false;
    const decision = policy?.foresee?.(submission) ?? "ask";
    if (decision === "deny") return false;
    const { call, cwd, warnings = [] } = submission;
    const inspected = await inspect(call, cwd);
    const inspection = { ...inspected, warnings: [...warnings, ...inspected.warnings] };
    if (needsPerson(call, inspection)) return true;
    const { grantable } = inspection;
    return (
      decision === "ask" && (grantable === undefined || grants.find(submission, grantable) === undefined)
    );
  }

  return {
    async back(submission, ms, signals) {
      if (held >= MAX_HELD) return;
      held += 1;
      const { signal: twin, leave } = inFlight.expect(submission, clock.elapsed());
      try {
        // What cannot be found out now is not held: the request itself says what is wrong.
        if (!(await asksPerson(submission).catch(() => false)) || closed() !== undefined) return;
        await silence(ms, [...signals, twin], endings, clock);
      } finally {
        held -= 1;
        leave();
      }
    },
    release() {
      for (const end of [...endings]) end();
    },
  };
}

/** Resolves after `ms`, or as soon as a signal or a call of what it puts into `endings` says that it is of no use. Leaves nothing behind. */
async function silence(
  ms: number,
  signals: readonly AbortSignal[],
  endings: Set<() => void>,
  clock: Clock,
): Promise<void> {
  if (signals.some(({ aborted }) => aborted)) return;
  await new Promise<void>((resolve) => {
    const cancel = clock.after(ms, done);
    endings.add(done);
    for (const signal of signals) signal.addEventListener("abort", done);
    function done(): void {
      cancel();
      endings.delete(done);
      for (const signal of signals) signal.removeEventListener("abort", done);
      resolve();
    }
  });
}
