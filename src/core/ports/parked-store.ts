// Requests that wait on without Claude, over restarts. Every method may reject: the disk can be full.
import type { Status } from "../../domain/approval.ts";
import type { ApprovalId } from "../../domain/tool-call.ts";

export interface ParkedRow {
  readonly id: ApprovalId;
  /** What is needed to wait on and to resume, as JSON. The call's input is not in it: that stays in the request's own row. */
  readonly body: string;
  /** Made by the server over the body and the input: a row that somebody else has written has none that fits. */
  readonly seal: string;
  /** Epoch ms. */
  readonly parkedAt: number;
}

export interface KeptParked extends ParkedRow {
  /** Of its request. */
  readonly status: Status;
  /** Of its request, as JSON: as it was handed over while that is pending, masked afterwards. */
  readonly input: string;
  /** When Claude was about to be started for it, epoch ms. */
  readonly startedAt?: number | undefined;
}

export interface ParkedStore {
  /** @returns false, and nothing written, where the request is no longer pending, or is parked already */
  park(row: ParkedRow): Promise<boolean>;
  /** Takes that back: its caller waits on. */
  unpark(id: ApprovalId): Promise<void>;
  /** Those that nothing has come of yet, oldest first. */
  parked(): Promise<readonly KeptParked[]>;
  /** Takes the one start that an approved request has. @returns false where it was taken, or is not approved */
  startParked(id: ApprovalId, at: number): Promise<boolean>;
  /** Nothing more comes of it. @returns false where that was noted already */
  endParked(id: ApprovalId, at: number): Promise<boolean>;
}
