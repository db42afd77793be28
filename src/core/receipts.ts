// Which sent messages carry which waiting request, and what their receipts mean for it.

import type { Outcome } from "../domain/approval.ts";
import type { DeliveryFailure, DeliveryReceipt, DeliveryState, SentMessage } from "../domain/delivery.ts";
import type { ApprovalId, Phone } from "../domain/tool-call.ts";
import type { PendingRequest } from "./pending-request.ts";
import type { Clock } from "./ports/clock.ts";
import type { Log } from "./ports/log.ts";
import type { MessageStore } from "./ports/message-store.ts";
import { undeliverable } from "./undeliverable.ts";

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
  readonly store: MessageStore;
  readonly log: Log;
  readonly clock: Clock;
  /** A message to one address has failed. @returns whether the request may still come to somebody in another way. Default: no */
  onLost?: ((id: ApprovalId, to: Phone, failure: DeliveryFailure | undefined) => boolean) | undefined;
  /** Every message that carried the request has failed. */
  onHopeless(pending: PendingRequest, outcome: Outcome): void;
}

/** How a waiting request was shown to one phone. */
export interface Shown {
  /** When the channel had taken all of its messages, epoch ms. */
  readonly at: number;
  /** Characters of the call that they do not show. */
  readonly hidden: number;
}

/** A message that carries a waiting request. */
interface CarryingMessage {
  readonly pending: PendingRequest;
  readonly message: SentMessage;
  readonly at: number;
  hasFailed: boolean;
}

export interface Receipts {
  /** One message that carries a request was accepted; nothing where that does not wait any longer. */
  accepted(pending: PendingRequest | undefined, message: SentMessage): void;
  /** All of them were, for at least one approver. Reads receipts that came in before this was known. */
  sent(pending: PendingRequest, messages: readonly SentMessage[]): void;
  requestOf(messageId: string): ApprovalId | undefined;
  questionOf(messageId: string): number | undefined;
  /** Undefined until all of it was taken for that phone, and after a message of it is known to be lost. */
  shownTo(id: ApprovalId, phone: Phone): Shown | undefined;
  /** Every address that a message of it was sent to. */
  addressesOf(id: ApprovalId): readonly Phone[];
  /** What was sent so far has been answered and more will be: what becomes of it no longer matters. */
  restart(pending: PendingRequest): void;
  received(receipt: DeliveryReceipt): Promise<void>;
  /** @returns as `addressesOf` did */
  forget(pending: PendingRequest): readonly Phone[];
}

export function trackReceipts({ store, log, clock, onLost, onHopeless }: ReceiptDeps): Receipts {
  const carried = new Map<string, CarryingMessage>();
  /** The same by request: thousands may wait. */
  const carriers = new Map<ApprovalId, CarryingMessage[]>();
  /** Messages of questions that have been answered. */
  const settled = new WeakSet<SentMessage>();
  /** The approvers whom every message of a request has reached, or still may. */
  const hopeful = new Map<PendingRequest, Set<Phone>>();

  function apply({ messageId, state, failure }: DeliveryReceipt): void {
    const carrier = carried.get(messageId);
    if (carrier === undefined || settled.has(carrier.message) || carrier.message.isExtra) return;
    const { pending, message: sent } = carrier;
    if (state !== "failed") {
      if (!sent.hasButtons || !isFurther(state, pending.delivery)) return;
      pending.delivery = state;
      pending.report();
      return;
    }
    carrier.hasFailed = true;
    const left = hopeful.get(pending);
    // The send to another phone may still hang: the next way to this one need not wait for it.
    if (left === undefined) return void onLost?.(pending.request.id, sent.to, failure);
    if (!left.delete(sent.to)) return;
    const goesOn = onLost?.(pending.request.id, sent.to, failure) ?? false;
    if (goesOn || left.size > 0) return;
    onHopeless(pending, undeliverable(failure));
  }

  async function safely(work: Promise<unknown>, what: string): Promise<void> {
    await work.catch((error: unknown) => log.error({ err: error }, what));
  }

  const addressesOf = (id: ApprovalId) => [
    ...new Set((carriers.get(id) ?? []).map(({ message }) => message.to)),
  ];

  return {
    accepted(pending, message) {
      if (pending === undefined) return;
      if (!pending.ended.aborted) {
        const carrier = { pending, message, at: clock.now(), hasFailed: false };
        const { id } = pending.request;
        carried.set(message.messageId, carrier);
        carriers.set(id, [...(carriers.get(id) ?? []), carrier]);
        // One that is asked later, over another channel.
        if (!message.isExtra) hopeful.get(pending)?.add(message.to);
        // The send to another phone may still hang: this one was asked.
        apply({ messageId: message.messageId, state: "queued", at: 0 });
      }
      void safely(store.addMessages(pending.request.id, [message]), "a sent message could not be recorded");
    },
    sent(pending, messages) {
      if (pending.ended.aborted) return;
      hopeful.set(pending, new Set(messages.map(({ to }) => to)));
      for (const { messageId } of messages) {
        apply({ messageId, state: "queued", at: 0 });
        void safely(
          store.findDelivery(messageId).then((early) => early && apply(early)),
          "an early receipt could not be read",
        );
      }
    },
    requestOf: (messageId) => carried.get(messageId)?.pending.request.id,
    questionOf: (messageId) => carried.get(messageId)?.message.question,
    shownTo(id, phone) {
      const own = (carriers.get(id) ?? []).filter(({ message: { to, isExtra } }) => to === phone && !isExtra);
      const last = own.find(({ message }) => message.hasButtons);
      const hidden = last?.pending.hidden;
      if (last === undefined || hidden === undefined || own.some(({ hasFailed }) => hasFailed))
        return undefined;
      return { at: last.at, hidden };
    },
    addressesOf,
    restart(pending) {
      for (const { message } of carriers.get(pending.request.id) ?? []) settled.add(message);
      hopeful.delete(pending);
      pending.delivery = "sending";
      pending.report();
    },
    async received(receipt) {
      await safely(store.recordDelivery(receipt), "a receipt could not be recorded");
      apply(receipt);
    },
    forget(pending) {
      const addresses = addressesOf(pending.request.id);
      for (const { message } of carriers.get(pending.request.id) ?? []) carried.delete(message.messageId);
      carriers.delete(pending.request.id);
      hopeful.delete(pending);
      return addresses;
    },
  };
}
