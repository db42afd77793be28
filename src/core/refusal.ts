// Answers for calls that never became a request: nothing was recorded, and nobody was asked.

import type { Outcome } from "../domain/approval.ts";
import type { Submission } from "../domain/submission.ts";
import type { GateDeps } from "./gate-contract.ts";
import type { JournalKeeper } from "./journal.ts";
import type { Answer } from "./pending-request.ts";
import { NotInspectedError } from "./ports/inspector.ts";
import { draftOf } from "./request-draft.ts";
import { LimitError } from "./request-limiter.ts";

export interface Refusals {
  refuse(submission: Submission, outcome: Outcome): Answer;
  /** @param error why it could not be taken in */
  refuseAfter(error: unknown, submission: Submission): Answer;
}

const UNSEEN = { waitMs: 0, grantMs: 0, waiting: 0 };

export interface RefusalDeps extends Pick<GateDeps, "newId" | "clock" | "log"> {
  readonly journal: Pick<JournalKeeper, "turnedAway">;
}

export function createRefusals({ newId, clock, log, journal }: RefusalDeps): Refusals {
  function refuse(submission: Submission, outcome: Outcome): Answer {
    const inspection = { shown: submission.call, secrets: undefined, warnings: [] };
    const request = { id: newId(), ...draftOf(submission, inspection, { at: clock.now(), ...UNSEEN }) };
    journal.turnedAway(request, outcome);
    return { request, outcome, acknowledge: () => {} };
  }

  return {
    refuse,
    refuseAfter(error, submission) {
      if (error instanceof LimitError) {
        const { outcome } = error;
        log.refused({ requester: submission.requester, outcome }, "a request was over the limit");
        return refuse(submission, outcome);
      }
      log.error({ err: error }, "the request could not be recorded: denied");
      const message =
        error instanceof NotInspectedError ? error.said : "the request could not be written to the database.";
      return refuse(submission, { status: "failed", message });
    },
  };
}
