// Ends a pending request, one attempt after the other: what was recorded is what its callers get.
import type { Approved, Outcome } from "../domain/approval.ts";
import { howOf } from "../domain/approver-action.ts";
import { soundOutcome } from "../domain/decision.ts";
import type { ApprovalId, Phone } from "../domain/tool-call.ts";
import type { PendingRequest } from "./pending-request.ts";
import type { Clock } from "./ports/clock.ts";
import type { Recorder } from "./record.ts";

export interface EndingDeps {
  readonly recorder: Pick<Recorder, "ended" | "endorsed">;
  readonly clock: Clock;
  /** Releases its callers and tells whoever is to know. */
  readonly close: (pending: PendingRequest, outcome: Outcome) => void;
}

/** What became of one of several approvals. */
type Counted =
  /** It was the last one that was needed. */
  | { readonly kind: "decided"; readonly outcome: Outcome }
  /** More are needed. */
  | { readonly kind: "counted"; readonly have: number }
  /** That person has approved it before. */
  | { readonly kind: "again" }
  /** Somebody has answered its questions, and these are other answers. */
  | { readonly kind: "other-answers" }
  /** It has ended otherwise. */
  | { readonly kind: "ended" };

export interface Ending {
  /** @returns whether this outcome is the one that the callers got */
  end(pending: PendingRequest, outcome: Outcome, stillWanted?: () => boolean): Promise<boolean>;
  /** Counts the approval of one person of several. @param person who it is, whatever the address */
  count(
    pending: PendingRequest,
    outcome: Approved & { readonly by: Phone },
    person: string,
    needed: number,
  ): Promise<Counted>;
}

const RECORD_CHANGED: Outcome = {
  status: "failed",
  message: "the record of who has approved it was changed by something else.",
};

export function createEnding({ recorder, clock, close }: EndingDeps): Ending {
  const turns = new Map<ApprovalId, Promise<unknown>>();

  /** What the record says is looked at once for each attempt, and none overtakes another. */
  function inTurn<Result>({ request: { id } }: PendingRequest, work: () => Promise<Result>): Promise<Result> {
    const turn = (turns.get(id) ?? Promise.resolve()).then(work);
    turns.set(id, turn);
    return turn;
  }

  function closeWith(pending: PendingRequest, outcome: Outcome): void {
    turns.delete(pending.request.id);
    close(pending, outcome);
  }

  return {
    end: (pending, outcome, stillWanted = () => true) =>
      inTurn(pending, async () => {
        if (pending.ended.aborted || !stillWanted()) return false;
        const { request } = pending;
        const final = await recorder.ended(request.id, soundOutcome(request, outcome));
        if (final === undefined) return false;
        closeWith(pending, final);
        return final === outcome;
      }),
    count: (pending, outcome, person, needed) =>
      inTurn(pending, async (): Promise<Counted> => {
        if (pending.ended.aborted) return { kind: "ended" };
        const { approvals, request } = pending;
        // An address that has become another person's in between is still the same one.
        if (approvals.some((each) => each.person === person || each.by === outcome.by))
          return { kind: "again" };
        const [first] = approvals;
        if (first !== undefined && first.answers !== outcome.answers) return { kind: "other-answers" };
        const counted = await recorder.endorsed(request.id, { person, outcome, needed });
        if (counted.kind === "failed") {
          closeWith(pending, counted.outcome);
          return { kind: "ended" };
        }
        if (counted.kind === "decided") closeWith(pending, counted.outcome);
        if (counted.kind === "counted" && counted.have !== approvals.length + 1) {
          // What was counted before is gone from the record, and nobody is told a number that is not so.
          const changed = await recorder.ended(request.id, RECORD_CHANGED);
          closeWith(pending, changed ?? RECORD_CHANGED);
          return { kind: "ended" };
        }
        if (counted.kind === "counted") {
          const { by, answers } = outcome;
          const mine = { person, by, ...howOf(outcome), at: clock.now(), answers };
          pending.approvals = [...approvals, mine];
        }
        return counted;
      }),
  };
}
