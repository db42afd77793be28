// Which sent messages carry which waiting request, and what their receipts mean for it.
import type { Outcome } from "../domain/approval.ts";
import type { ApprovalStore, DeliveryReceipt, DeliveryState, Log, SentMessage } from "./ports.ts";
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
  const waitByMessage = new Map<string, Wait>();
  const hopeful = new Map<Wait, Set<string>>();

  function apply({ messageId, state, failure }: DeliveryReceipt): void {
    const wait = waitByMessage.get(messageId);
    if (wait === undefined) return;
    if (state !== "failed") {
      if (!isFurther(state, wait.delivery)) return;
      wait.delivery = state;
      wait.report();
      return;
    }
    const left = hopeful.get(wait);
    left?.delete(messageId);
    if (left === undefined || left.size > 0) return;
    const {
      message = "The message was not delivered.",
      advice = "Look at Twilio's log.",
      code,
    } = failure ?? {};
    onHopeless(wait, { status: "undeliverable", message, advice, ...(code === undefined ? {} : { code }) });
  }

  async function safely(work: Promise<unknown>, what: string): Promise<void> {
    await work.catch((error: unknown) => log.error({ err: error }, what));
  }

  return {
    async sent(wait, messages) {
      if (!wait.ended.aborted) {
        hopeful.set(wait, new Set(messages.map(({ messageId }) => messageId)));
        for (const { messageId } of messages) waitByMessage.set(messageId, wait);
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
      for (const messageId of hopeful.get(wait) ?? []) waitByMessage.delete(messageId);
      hopeful.delete(wait);
    },
  };
}
