// What the gate promises to the doors and the conversation, and what it needs from outside.
import type { ApprovalId, ApprovalRequest, Outcome, Verdict } from "../domain/approval.ts";
import type { Closed, Standing } from "../domain/standing.ts";
import type { Admission } from "./admission.ts";
import type {
  ApprovalStore,
  Clock,
  DeliveryReceipt,
  DeliveryState,
  Inspector,
  Log,
  Messenger,
  Policy,
} from "./ports.ts";
import type { Submission } from "./record.ts";
import type { Resolution } from "./resolution.ts";
import type { Answer, Caller } from "./wait.ts";

export interface Gate {
  /** Asks the approvers and waits. Always resolves, at the deadline at the latest. */
  request(submission: Submission, caller?: Caller): Promise<Answer>;
  /** Takes a person's decision. The first one that the store accepts wins. */
  resolve(id: ApprovalId, verdict: Verdict): Promise<Resolution>;
  /** Takes news about a sent message; a failure of the last hope ends the wait. */
  receipt(receipt: DeliveryReceipt): Promise<void>;
  /** The waiting request that a sent message belongs to. Memory only: the database may have been written to. */
  requestOf(messageId: string): ApprovalId | undefined;
  /** Which question of its request, from 1, a sent message asks, where that waits and has questions. */
  questionOf(messageId: string): number | undefined;
  /** What waits, oldest first. */
  waiting(): readonly ApprovalRequest[];
  /** Denies everything that waits, because nothing is to run any more. */
  shut(standing: Closed): Promise<void>;
  /** Refuses what is new, denies what waits, and returns when the callers have been told. */
  stop(): Promise<void>;
}

/** A request that has ended. */
export interface Ended {
  readonly request: ApprovalRequest;
  readonly outcome: Outcome;
  /** How far its message had come: `sending` when no message was accepted. */
  readonly delivery: DeliveryState | "sending";
}

export interface GateDeps {
  readonly store: ApprovalStore;
  readonly messenger: Messenger;
  readonly inspector: Inspector;
  /** Decides before anybody is asked. Default: everything asks. */
  readonly policy?: Policy;
  /** Default: every caller may ask as much as it likes. */
  readonly admission?: Admission;
  /** Whether requests are asked at all. */
  readonly standing: () => Standing;
  /** Called when a request begins or ends to wait. */
  readonly onWaitingChange?: () => void;
  /** Called once for each request that ends, after its callers were released. */
  readonly onEnded?: (ended: Ended) => void;
  readonly clock: Clock;
  readonly log: Log;
  readonly newId: () => ApprovalId;
  readonly timeoutMs: number;
}
