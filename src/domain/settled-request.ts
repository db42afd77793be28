// A request that has ended, as everybody who keeps count of requests is told of it.
import type { ApprovalRequest, Outcome } from "./approval.ts";
import type { DeliveryState } from "./delivery.ts";
import type { Phone } from "./tool-call.ts";

/** A request that has ended. */
export interface SettledRequest {
  readonly request: ApprovalRequest;
  readonly outcome: Outcome;
  /** How far its message had come: `sending` when no message was accepted. */
  readonly delivery: DeliveryState | "sending";
  /** Every address that a message of it was sent to. */
  readonly askedAt: readonly Phone[];
}
