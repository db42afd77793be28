// What the gate promises to the doors and the reply handler, and what it needs from outside.

import type { ApprovalRequest } from "../domain/approval.ts";
import type { ApproverAction } from "../domain/approver-action.ts";
import type { DeliveryReceipt, SentMessage } from "../domain/delivery.ts";
import type { ClosedMode, ServiceMode } from "../domain/service-mode.ts";
import type { SettledRequest } from "../domain/settled-request.ts";
import type { Submission } from "../domain/submission.ts";
import type { ApprovalId, Phone } from "../domain/tool-call.ts";
import type { Grants } from "./grants.ts";
import type { Answer, Caller } from "./pending-request.ts";
import type { People } from "./people.ts";
import type { Clock } from "./ports/clock.ts";
import type { Inspector } from "./ports/inspector.ts";
import type { Journal } from "./ports/journal.ts";
import type { Log } from "./ports/log.ts";
import type { MessageStore } from "./ports/message-store.ts";
import type { Messenger } from "./ports/messenger.ts";
import type { Policy } from "./ports/policy.ts";
import type { RequestStore } from "./ports/request-store.ts";
import type { Shown } from "./receipts.ts";
import type { ReplyResult } from "./reply-result.ts";
import type { RequestLimiter } from "./request-limiter.ts";

export interface Gate {
  /** Asks the approvers and waits. Always resolves, at the deadline at the latest. */
  request(submission: Submission, caller?: Caller): Promise<Answer>;
  /**
   * Resolves when a call is to be asked about: after `ms`, the terminal's own time, or sooner, where no person would be asked,
   * the permission tool has brought the same call, or one of the signals aborts. Never rejects. Nothing is recorded or counted.
   */
  holdBack(submission: Submission, ms: number, signals: readonly AbortSignal[]): Promise<void>;
  /** Takes a person's decision. The first one that the store accepts wins. */
  resolve(id: ApprovalId, action: ApproverAction): Promise<ReplyResult>;
  /** Takes news about a sent message; when no message can arrive any longer, the request ends. */
  receipt(receipt: DeliveryReceipt): Promise<void>;
  /** The waiting request that a sent message belongs to. Memory only: the database may have been written to. */
  requestOf(messageId: string): ApprovalId | undefined;
  /** A message that also shows a waiting request was accepted. */
  alsoSent(id: ApprovalId, message: SentMessage): void;
  /** Which question of its request, from 1, a sent message asks, where that waits and has questions. */
  questionOf(messageId: string): number | undefined;
  /** How a waiting request was shown to a phone; undefined until all of it was taken for that phone, or where some was lost. */
  shownTo(id: ApprovalId, phone: Phone): Shown | undefined;
  /**
   * Lets a request wait on although its callers will leave: `keeper` waits with them, and whoever has it here acts on the
   * answer. @returns undefined where it no longer waits
   */
  park(id: ApprovalId, keeper: Caller): Promise<Answer> | undefined;
  /** Ends a request as if its time were over. */
  expire(id: ApprovalId): Promise<void>;
  /** Waits on for a parked request of an earlier run. Nothing is sent, and nothing but a person decides it. */
  reopen(request: ApprovalRequest, keeper: Caller): Promise<Answer>;
  /** What waits, oldest first. */
  waiting(): readonly ApprovalRequest[];
  /** How many people must approve a waiting request, where its messages say that one is not enough. */
  quorumOf(id: ApprovalId): number | undefined;
  /** How long a request has waited, ms; undefined where it does not wait. */
  ageOf(id: ApprovalId): number | undefined;
  /** Denies everything that waits, because nothing is to run any longer. */
  shut(mode: ClosedMode): Promise<void>;
  /** Denies everything that waits, because its record is lost. @param message a sentence without its subject @returns how many */
  fail(message: string): Promise<number>;
  /** Refuses what is new, denies what waits, and returns when the callers have been told. */
  stop(): Promise<void>;
}

/** Who a person is, whatever the address, and what they are asked about. */
export type Deciders = Pick<People, "mayDecide" | "nameOf" | "personOf" | "askedFor">;

export interface GateDeps {
  readonly store: RequestStore & MessageStore;
  readonly messenger: Messenger;
  readonly inspector: Inspector;
  /** Decides before anybody is asked. Default: everything asks. */
  readonly policy?: Policy | undefined;
  /** Default: every caller may ask as much as it likes. */
  readonly limiter?: RequestLimiter | undefined;
  /** Who may decide what. */
  readonly people: Deciders;
  /** What Session has allowed. */
  readonly grants: Grants;
  /** How long a grant holds, ms. */
  readonly grantMs: number;
  /** Whether requests are asked at all. */
  readonly mode: () => ServiceMode;
  /** Called when a request starts or stops waiting. */
  readonly onWaitingChange?: (() => void) | undefined;
  /** Called once for each request that ends, after its callers were released. */
  readonly onEnded?: ((ended: SettledRequest) => void) | undefined;
  /** Told, masked, what becomes of requests. */
  readonly journals?: readonly Journal[] | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly newId: () => ApprovalId;
  readonly timeoutMs: number;
}
