// The way out through Twilio: each message in its turn, sent surely, and nothing that outlives what waits for it.
import { setMaxListeners } from "node:events";
import type { MessageNote } from "../../../core/ports/correspondence-store.ts";
import { toDeliveryError } from "../error-advice.ts";
import type { OutgoingMessage } from "./message.ts";
import { createMessageSender, type SendDeps } from "./send-message.ts";
import { createSendOrder } from "./send-order.ts";

export interface Outbound {
  /**
   * Sends once: where the outcome of a call is unknown, the message is looked for before it is sent again.
   * @returns Twilio's SID.
   * @throws DeliveryError when Twilio did not take it; the signal's reason when it was dropped.
   */
  send(message: OutgoingMessage): Promise<string>;
  /** Resolves when nothing is queued or under way. */
  idle(): Promise<void>;
  /** How many messages wait for their turn, without those under way. For /health. */
  queued(): number;
}

export interface OutboundDeps extends SendDeps {
  /** Told of each message that Twilio took. Must not throw. */
  readonly onTaken?: ((note: MessageNote) => void) | undefined;
}

/** Nothing is sent, and no timer runs, before the first `send` and after the last. */
export function createOutbound(deps: OutboundDeps): Outbound {
  const underWay = new Set<Promise<string>>();
  const order = createSendOrder(deps.intervalMs, deps.clock);
  const deliver = createMessageSender(deps, order);

  async function sendInOrder(message: OutgoingMessage): Promise<string> {
    const { signal } = message;
    signal?.throwIfAborted();
    // One signal goes with the messages of a request to every approver; Node would warn of a leak at the eleventh.
    if (signal !== undefined) setMaxListeners(0, signal);
    const ticket = order.enter(message);
    try {
      const messageId = await deliver(message, ticket);
      const { to, purpose = "other", requestId } = message;
      deps.onTaken?.({ messageId, sender: deps.from, to, purpose, requestId, at: deps.clock.now() });
      return messageId;
    } catch (error) {
      signal?.throwIfAborted();
      throw toDeliveryError(error);
    } finally {
      ticket.done();
    }
  }

  return {
    async send(message) {
      const sending = sendInOrder(message);
      underWay.add(sending);
      try {
        return await sending;
      } finally {
        underWay.delete(sending);
      }
    },
    async idle() {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
    queued: order.waiting,
  };
}
