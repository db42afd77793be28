// Which sent messages carry which waiting request, and what their receipts mean for it.
import type { ApprovalId, Outcome, Phone } from "../domain/approval.ts";
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
function isFurther(next: DeliveryState, current: DeliveryState | "sending"): boolean {
  return RECEIPT_RANK[next] > RECEIPT_RANK[current];
}

interface ReceiptDeps {
  readonly store: ApprovalStore;
  readonly log: Log;
  /** Every message that carried the request has failed. */
  onHopeless(wait: Wait, outcome: Outcome): void;
}

export interface Receipts {
  /** One message that carries a request was accepted. */
  accepted(wait: Wait, message: SentMessage): void;
  /** All of them were, for at least one approver. Reads receipts that came in before this was known. */
  sent(wait: Wait, messages: readonly SentMessage[]): void;
  requestOf(messageId: string): ApprovalId | undefined;
  questionOf(messageId: string): number | undefined;
  /** What was sent so far has been answered and more will be: what becomes of it does not matter any more. */
  restart(wait: Wait): void;
  received(receipt: DeliveryReceipt): Promise<void>;
  forget(wait: Wait): void;
}

export function trackReceipts({ store, log, onHopeless }: ReceiptDeps): Receipts {
  const carried = new Map<string, { wait: Wait; message: SentMessage }>();
  /** Of questions that have been answered. */
  const settled = new WeakSet<SentMessage>();
  /** The approvers whom every message of a request has reached, or still may. */
  const hopeful = new Map<Wait, Set<Phone>>();

  function apply({ messageId, state, failure }: DeliveryReceipt): void {
    const { wait, message: sent } = carried.get(messageId) ?? {};
    if (wait === undefined || sent === undefined || settled.has(sent)) return;
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
    accepted(wait, message) {
      if (!wait.ended.aborted) carried.set(message.messageId, { wait, message });
      void safely(store.addMessages(wait.request.id, [message]), "a sent message could not be recorded");
    },
    sent(wait, messages) {
      if (wait.ended.aborted) return;
      hopeful.set(wait, new Set(messages.map(({ to }) => to)));
      for (const { messageId } of messages) {
        apply({ messageId, state: "queued", at: 0 });
        void safely(
          store.findDelivery(messageId).then((early) => early && apply(early)),
          "an early receipt could not be read",
        );
      }
    },
    requestOf: (messageId) => carried.get(messageId)?.wait.request.id,
    questionOf: (messageId) => carried.get(messageId)?.message.question,
    restart(wait) {
      for (const entry of carried.values()) if (entry.wait === wait) settled.add(entry.message);
      hopeful.delete(wait);
      wait.delivery = "sending";
      wait.report();
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
