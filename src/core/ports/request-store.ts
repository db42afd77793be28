// The record of what was asked and how it ended. Every method may reject: the disk can be full.
import type { ApprovalRequest, Approved, Outcome, RunNote, Status } from "../../domain/approval.ts";
import type { ApprovalId, Door, Executor } from "../../domain/tool-call.ts";

/** A request as the store keeps it. */
export interface StoredApproval {
  readonly id: ApprovalId;
  readonly status: Status;
  /** Epoch milliseconds; absent while pending. */
  readonly decidedAt?: number | undefined;
  readonly outcome?: Outcome | undefined;
  /** Whether the caller got the answer; absent while that is not known. */
  readonly acknowledged?: boolean | undefined;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly door: Door;
  readonly toolName: string;
  /** With every recognised secret masked. */
  readonly shownInput: Readonly<Record<string, unknown>>;
  readonly project?: string | undefined;
  readonly requester?: string | undefined;
  /** Claude Code's session; absent where the door did not tell it. */
  readonly sessionId?: string | undefined;
  /** Who runs it; absent where the caller does. */
  readonly executor?: Executor | undefined;
  /** What became of it where this server has run it; absent before that. */
  readonly run?: RunNote | undefined;
}

/** One person's approval. */
export interface Endorsement {
  /** Who it is, whatever the address. */
  readonly person: string;
  /** What it would be if it were enough. */
  readonly outcome: Approved;
  /** How many people are needed. */
  readonly needed: number;
}

export type Endorsed =
  | { readonly kind: "decided"; readonly outcome: Approved }
  /** `have`: how many people have approved it now. */
  | { readonly kind: "counted"; readonly have: number }
  /** That person has approved it before. */
  | { readonly kind: "again" }
  /** It waits no longer. */
  | { readonly kind: "gone" };

export interface RequestStore {
  /**
   * Writes a new pending request. Its input is kept as it is only while it is pending; `settle` and `cancelPending`
   * replace it with the masked form, beside the SHA-256 of the original.
   * @returns false when the id is taken.
   */
  insert(request: ApprovalRequest): Promise<boolean>;
  /**
   * Ends a pending request: the first write wins. An approval with a grant writes that grant as well; one by a grant counts
   * only while that grant holds, and counts as its use. Each is written as a whole or not at all.
   * @param unwritten the request, where it was decided before it was written: then it is inserted here, by the same commit
   * @returns false, and nothing written, when it was no longer pending, its id is taken, or its grant does not hold.
   */
  settle(id: ApprovalId, outcome: Outcome, at: number, unwritten?: ApprovalRequest): Promise<boolean>;
  /**
   * Counts one person's approval of a request that needs those of several; the last one that is needed decides. Written as a whole or not
   * at all, and nothing that somebody else has written, or an earlier run, is counted.
   */
  endorse(id: ApprovalId, endorsement: Endorsement, at: number): Promise<Endorsed>;
  /** Notes whether the caller got the answer. */
  recordAcknowledged(id: ApprovalId, acknowledged: boolean): Promise<void>;
  /** Notes that a call runs, or how it ended. @returns false where there is no such approved request */
  recordRun(id: ApprovalId, run: RunNote): Promise<boolean>;
  find(id: ApprovalId): Promise<StoredApproval | undefined>;
  /**
   * Whether the event log says of it what its row says: how it was asked and ended, and whether the caller got the answer.
   * @returns false also where that cannot be told: its entries are from before there was a log, or the log was changed since
   */
  isAsDecided(id: ApprovalId): Promise<boolean>;
  /** Ends everything still pending from an earlier run but what is parked. @returns how many there were. */
  cancelPending(at: number): Promise<number>;
}
