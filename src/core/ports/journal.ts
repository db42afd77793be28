// Who is told what becomes of requests, as it happens: the lines of the log, the counts, a page that shows them live.
// What they get is masked already, and nothing that they do reaches the gate.

import type { Outcome } from "../../domain/approval.ts";
import type { DeliveryState } from "../../domain/delivery.ts";
import type { ApprovalId, Door } from "../../domain/tool-call.ts";

/** A request, as far as it may be told. Foreign words stand as they came: whoever shows them makes them safe to show. */
export interface JournalRequest {
  readonly id: ApprovalId;
  readonly door: Door;
  /** Foreign. */
  readonly toolName: string;
  /** The call in one line: secrets masked, hidden characters as escapes, cut visibly where it is long. Safe to show. */
  readonly call: string;
  /** Foreign. */
  readonly project?: string | undefined;
  /** Name of the token that asked; absent without named tokens. */
  readonly requester?: string | undefined;
  /** Claude Code's session, where the door tells it. */
  readonly sessionId?: string | undefined;
  /** The kind of subagent, where one asked. Foreign. */
  readonly agent?: string | undefined;
  /** What the person is warned of. Safe to show. */
  readonly warnings: readonly string[];
  /** Epoch ms. */
  readonly createdAt: number;
  /** Epoch ms. */
  readonly expiresAt: number;
  /** How many requests waited when it came, itself included. */
  readonly waiting: number;
}

export interface JournalEnd {
  readonly request: JournalRequest;
  /** A person's words in it are foreign. */
  readonly outcome: Outcome;
  /** From its opening to its end, ms. */
  readonly tookMs: number;
  /** How far its message had come: `sending` when none was accepted, also when nobody was asked. */
  readonly delivery: DeliveryState | "sending";
}

export interface Journal {
  /** A request was written down and begins to wait. The policy or a grant may end it in the same moment. */
  asked(request: JournalRequest): void;
  /** It has ended: exactly once for each that was asked. */
  ended(end: JournalEnd): void;
  /** Whether its caller took the answer, once that is known. */
  answered(id: ApprovalId, taken: boolean): void;
  /** A call that never became a request: over a limit, at a stop, not recordable. Its id is in no record. */
  turnedAway(end: Pick<JournalEnd, "outcome"> & { readonly request: Omit<JournalRequest, "call"> }): void;
}
