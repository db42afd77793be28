// Ends a pending request, one attempt after the other: what was recorded is what its callers get.
import type { Outcome } from "../domain/approval.ts";
import { soundOutcome } from "../domain/decision.ts";
import type { ApprovalId } from "../domain/tool-call.ts";
import type { PendingRequest } from "./pending-request.ts";
import type { Recorder } from "./record.ts";

export interface EndingDeps {
  readonly recorder: Pick<Recorder, "ended">;
  /** Releases its callers and tells whoever is to know. */
  readonly close: (pending: PendingRequest, outcome: Outcome) => void;
}

/** @returns whether this outcome is the one that the callers got */
export type End = (
  pending: PendingRequest,
  outcome: Outcome,
  stillWanted?: () => boolean,
) => Promise<boolean>;

export function createEnding({ recorder, close }: EndingDeps): End {
  const turns = new Map<ApprovalId, Promise<boolean>>();

  return (pending, outcome, stillWanted = () => true) => {
    const { id } = pending.request;
    const turn = (turns.get(id) ?? Promise.resolve(false)).then(async () => {
      if (pending.ended.aborted || !stillWanted()) return false;
      const final = await recorder.ended(id, soundOutcome(pending.request.call, outcome));
      if (final === undefined) return false;
      turns.delete(id);
      close(pending, final);
      return final === outcome;
    });
    turns.set(id, turn);
    return turn;
  };
}
