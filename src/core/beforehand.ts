// What approves a request before its row is written, so that its end is written with it: by one commit instead of two.
import type { ApprovalRequest, Outcome } from "../domain/approval.ts";

/** Decides a request before it is written down. */
export interface Beforehand {
  /** @returns undefined where it is to wait */
  decide(request: ApprovalRequest): Promise<DecidedBefore | undefined>;
  /** It was not written, not under this id: what was counted for it counts no more. */
  dropped(request: ApprovalRequest): void;
}

interface DecidedBefore {
  readonly outcome: Outcome;
  /** The last look, right before it is written: what was taken back until now allows nothing. */
  holds(): boolean;
}
