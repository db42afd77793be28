// The interfaces that let the gate and the conversation stay ignorant of Twilio, SQLite and the wall clock.
import type { ApprovalId, ApprovalRequest, Outcome, Phone, Status } from "../domain/approval.ts";

/** Time, as a parameter. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Runs `task` once after `delayMs`; the returned function cancels it and may be called at any time. */
  after(delayMs: number, task: () => void): () => void;
}

/** The structured log. Never pass a secret, a token or an unescaped foreign string as the message. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Where a message stands on its way to the phone, worst and last states included. */
export type DeliveryState = "queued" | "sent" | "delivered" | "read" | "failed";

/** One outbound message that carries a request to one approver. */
export interface SentMessage {
  readonly messageId: string;
  readonly to: Phone;
}

/** The way out to the approvers' phones. */
export interface Messenger {
  /**
   * Sends a request to every approver.
   * @param signal aborts when nobody waits any more; what is still queued then is dropped.
   * @returns the messages that were accepted: at least one.
   * @throws DeliveryError when not one of them was accepted.
   */
  ask(request: ApprovalRequest, signal: AbortSignal): Promise<readonly SentMessage[]>;
  /** Sends one plain message. @throws DeliveryError when it was not accepted. */
  tell(to: Phone, text: string): Promise<void>;
}

/** A request as the store keeps it. */
export interface StoredApproval {
  readonly id: ApprovalId;
  readonly status: Status;
  /** Epoch milliseconds; absent while pending. */
  readonly decidedAt?: number;
  readonly outcome?: Outcome;
  /** Whether the caller got the answer; absent while that is not known. */
  readonly answered?: boolean;
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** The record of what was asked and decided. Every method may reject: the disk can be full. */
export interface ApprovalStore {
  /** Writes a new pending request. @returns false when the id is taken. */
  insert(request: ApprovalRequest): Promise<boolean>;
  /** Ends a pending request: the first write wins. @returns false when it was no longer pending. */
  settle(id: ApprovalId, outcome: Outcome, at: number): Promise<boolean>;
  /** Notes whether the caller got the answer. */
  recordAnswered(id: ApprovalId, answered: boolean): Promise<void>;
  find(id: ApprovalId): Promise<StoredApproval | undefined>;
  /** Notes which outbound messages carry a request, so that quoted replies and receipts find it. */
  addMessages(id: ApprovalId, messages: readonly SentMessage[]): Promise<void>;
  findByMessage(messageId: string): Promise<StoredApproval | undefined>;
  /** Keeps the furthest state of a message, in whatever order the receipts come in; a failure is final. */
  recordDelivery(receipt: DeliveryReceipt): Promise<void>;
  findDelivery(messageId: string): Promise<DeliveryReceipt | undefined>;
  /** Remembers an inbound message. @returns false when it was seen before. */
  firstSeen(inboundId: string, at: number): Promise<boolean>;
  /** Ends everything still pending from an earlier run. @returns how many there were. */
  cancelPending(at: number): Promise<number>;
  close(): Promise<void>;
}

/** Why a message did not arrive, and what the operator or the person can do about it. */
export interface DeliveryFailure {
  readonly code?: number;
  readonly message: string;
  readonly advice: string;
}

/** News about an outbound message, from a status callback. */
export interface DeliveryReceipt {
  readonly messageId: string;
  readonly state: DeliveryState;
  /** With state `failed`: why. */
  readonly failure?: DeliveryFailure;
  readonly at: number;
}

/** A way for Twilio to reach the public listener. */
export interface Tunnel {
  /** `https://…`, without a trailing slash. */
  readonly url: string;
  close(): Promise<void>;
}
