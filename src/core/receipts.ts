// Which sent messages carry which waiting request, and what their receipts mean for it.
import type { Outcome, Phone } from "../domain/approval.ts";
import type { ApprovalStore, DeliveryReceipt, DeliveryState, Log, SentMessage } from "./ports.ts";
import { undeliverable } from "./undeliverable.ts";
import type { Wait } from "./wait.ts";

/** Order of the states; receipts arrive in any order, a failure is final. */
export const RECEIPT_RANK: Record<DeliveryState | "sending", number> = {
  sending: 0,
  queued: 1,
  sent: 2,
  delivered: 3,
  read: 4,
  failed: 5,
};

/** Whether `next` is news after `current`. */
export function isFurther(next: DeliveryState, current: DeliveryState | "sending"): boolean {
  return RECEIPT_RANK[next] > RECEIPT_RANK[current];
}

interface ReceiptDeps {
  readonly store: ApprovalStore;
  readonly log: Log;
  /** Every message that carried the request has failed. */
  onHopeless(wait: Wait, outcome: Outcome): void;
}

export interface Receipts {
  /** The messages that carry a request were accepted. Reads receipts that came in before this was known. */
  sent(wait: Wait, messages: readonly SentMessage[]): Promise<void>;
  received(receipt: DeliveryReceipt): Promise<void>;
  forget(wait: Wait): void;
}

export function trackReceipts({ store, log, onHopeless }: ReceiptDeps): Receipts {
  const carried = new Map<string, { wait: Wait; message: SentMessage }>();
  /** The approvers whom every message of a request has reached, or still may. */
  const hopeful = new Map<Wait, Set<Phone>>();

  function apply({ messageId, state, failure }: DeliveryReceipt): void {
    const { wait, message: sent } = carried.get(messageId) ?? {};
    if (wait === undefined || sent === undefined) return;
    if (state !== "failed") {
      if (!sent.hasButtons || !isFurther(state, wait.delivery)) return;
      wait.delivery = state;
      wait.report();
      return;
    }
    const left = hopeful.get(wait);
    if (left === undefined || !left.delete(sent.to) || left.size > 0) return;
    onHopeless(wait, undeliverable(failure));
  }

  async function safely(work: Promise<unknown>, what: string): Promise<void> {
    await work.catch((error: unknown) => log.error({ err: error }, what));
  }

  return {
    async sent(wait, messages) {
      if (!wait.ended.aborted) {
        hopeful.set(wait, new Set(messages.map(({ to }) => to)));
        for (const message of messages) carried.set(message.messageId, { wait, message });
        for (const { messageId } of messages) apply({ messageId, state: "queued", at: 0 });
      }
      await safely(store.addMessages(wait.request.id, messages), "sent messages could not be recorded");
      for (const { messageId } of messages) {
        const early = await store.findDelivery(messageId).catch(() => undefined);
        if (early !== undefined) apply(early);
      }
    },
    async received(receipt) {
      await safely(store.recordDelivery(receipt), "a receipt could not be recorded");
      apply(receipt);
    },
    forget(wait) {
      for (const [messageId, entry] of carried) if (entry.wait === wait) carried.delete(messageId);
      hopeful.delete(wait);
    },
  };
}
