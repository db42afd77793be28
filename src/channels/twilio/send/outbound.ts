// The way out through Twilio: one message at a time, at the pace that the sender may write, requests first.
import { setMaxListeners } from "node:events";
import PQueue from "p-queue";
import { toDeliveryError } from "../error-advice.ts";
import type { OutgoingMessage } from "./message.ts";
import { createMessageSender, type SendDeps } from "./send-message.ts";

export interface Outbound {
  /**
   * Sends once: where the outcome of a call is unknown, the message is looked for before it is sent again.
   * @returns Twilio's SID.
   * @throws DeliveryError when Twilio did not take it; the signal's reason when it was dropped.
   */
  send(message: OutgoingMessage): Promise<string>;
  /** Resolves when nothing is queued or under way. */
  idle(): Promise<void>;
  /** How many messages wait, without the one under way. For /health. */
  queued(): number;
}

const PRIORITY = { request: 1, confirmation: 0 } as const;

/** Nothing is sent, and no timer runs, before the first `send` and after the last. */
export function createOutbound(deps: SendDeps): Outbound {
  const { intervalMs } = deps;
  const pace = intervalMs > 0 ? { interval: intervalMs, intervalCap: 1, strict: true } : {};
  const queue = new PQueue({ concurrency: 1, ...pace });
  const deliver = createMessageSender(deps);

  return {
    async send(message) {
      const { signal, priority } = message;
      signal?.throwIfAborted();
      // The queue may drop what waits, but not leave a running call behind: that one ends by itself, and keeps its pace.
      const waiting = new AbortController();
      const drop = () => waiting.abort(signal?.reason);
      const start = () => {
        signal?.removeEventListener("abort", drop);
        return deliver(message);
      };
      // One signal goes with the messages of a request to every approver; Node would warn of a leak at the eleventh.
      if (signal !== undefined) setMaxListeners(0, signal);
      signal?.addEventListener("abort", drop, { once: true });
      try {
        return await queue.add(start, { priority: PRIORITY[priority], signal: waiting.signal });
      } catch (error) {
        signal?.throwIfAborted();
        throw toDeliveryError(error);
      }
    },
    idle: () => queue.onIdle(),
    queued: () => queue.size,
  };
}
