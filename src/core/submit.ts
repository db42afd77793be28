// Takes a call in: counts it against its caller's limits, has it looked at, and writes it down.

import type { Submission } from "../domain/submission.ts";
import type { Beforehand } from "./beforehand.ts";
import type { GateDeps } from "./gate-contract.ts";
import type { Opened, Recorder } from "./record.ts";
import { limitNobody } from "./request-limiter.ts";
import { createSafeInspection } from "./safe-inspection.ts";

export interface Taken extends Opened {
  /** Counts it out again, once it has ended. */
  leave(): void;
}

/** @param waiting how many requests wait already. @returns takes one in; rejects with a LimitError, or when it cannot be written */
export function createSubmit(
  { limiter = limitNobody, inspector, policy, people, clock, log }: GateDeps,
  recorder: Recorder,
  waiting: () => number,
  beforehand: (submission: Submission) => Beforehand,
): (submission: Submission) => Promise<Taken> {
  const inspect = createSafeInspection(inspector, clock, log);
  let arriving = 0;

  /** @returns undefined where one is enough. Rejects where the policy cannot say: then nothing is asked */
  async function quorumOf({ project, fewAreEnough }: Submission): Promise<number | undefined> {
    const quorum = await policy?.quorum?.();
    const isLacking = quorum !== undefined && people.askedFor(project).length < quorum;
    return fewAreEnough === true && isLacking ? undefined : quorum;
  }

  return async (submission) => {
    // A full queue of its callers must not keep the phone from emptying it: what it asks for itself counts apart.
    const leave = await limiter.admit(submission.door === "phone" ? "from the phone" : submission.requester);
    arriving += 1;
    const before = waiting() + arriving;
    try {
      const inspected = await inspect(submission.call, submission.cwd);
      const inspection = { ...inspected, warnings: [...(submission.warnings ?? []), ...inspected.warnings] };
      const quorum = await quorumOf(submission);
      const asked = quorum === undefined ? submission : { ...submission, quorum };
      return { ...(await recorder.opened(asked, inspection, before, beforehand(submission))), leave };
    } catch (error) {
      leave();
      throw error;
    } finally {
      arriving -= 1;
    }
  };
}
