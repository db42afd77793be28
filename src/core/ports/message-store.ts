// Which messages went out for a request, and what became of them. Every method may reject: the disk can be full.
import type { DeliveryReceipt, SentMessage } from "../../domain/delivery.ts";
import type { ApprovalId } from "../../domain/tool-call.ts";
import type { StoredApproval } from "./request-store.ts";

export interface MessageStore {
  /** Notes which outbound messages carry a request, so that quoted replies and receipts find it. */
  addMessages(id: ApprovalId, messages: readonly SentMessage[]): Promise<void>;
  findByMessage(messageId: string): Promise<StoredApproval | undefined>;
  /** Keeps the furthest state of a message, in whatever order the receipts come in; a failure is final. */
  recordDelivery(receipt: DeliveryReceipt): Promise<void>;
  findDelivery(messageId: string): Promise<DeliveryReceipt | undefined>;
}
