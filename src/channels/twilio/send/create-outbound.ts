// The way out through Twilio: one message at a time, at the pace that the sender may write, the urgent ones first.
import { setMaxListeners } from "node:events";
import PQueue from "p-queue";
import type { Clock, Log } from "../../../core/ports.ts";
import { withDeadline } from "../../../core/timing.ts";
import { toDeliveryError } from "../error-advice.ts";
import { findMessage } from "./find-sent-message.ts";
import type { MessageApi, MessageParams, MessageText } from "./message.ts";
import type { Outbound, Outgoing } from "./outbound.ts";
import { type RetryOptions, sendSurely, type Trail } from "./send-surely.ts";
import { createSpacing } from "./send-throttle.ts";
import { sendWithLadder } from "./send-with-ladder.ts";

export type { MessageApi } from "./message.ts";

export interface OutboundDeps {
  /** The SDK's `client.messages`. */
  readonly api: MessageApi;
  /** The sender with its `whatsapp:` prefix. */
  readonly from: string;
  /** Where Twilio reports the fate of a message; asked for each, because the tunnel may open later. */
  readonly statusCallback: () => string | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** Between two messages, ms. The Sandbox takes one in 3,000; 0 means no pacing. */
  readonly intervalMs: number;
  readonly retry?: RetryOptions;
}

const PRIORITY = { request: 1, confirmation: 0 } as const;
// The client gives a call up after 15 s by itself, but not every half-open connection and not behind a proxy.
const CALL_LIMIT_MS = 20_000;
// No new attempt after this: everything else of this sender waits behind the message.
const TRY_FOR_MS = 60_000;
const MAX_VALIDITY_SECONDS = 36_000;
// Enough for every message that can still be mistaken for a new one.
const MAX_KNOWN = 200;

/** Nothing is sent, and no timer runs, before the first `send` and after the last. */
export function createOutbound(deps: OutboundDeps): Required<Outbound> {
  const { api, from, clock, log, intervalMs, retry = {} } = deps;
  const pace = intervalMs > 0 ? { interval: intervalMs, intervalCap: 1, strict: true } : {};
  const queue = new PQueue({ concurrency: 1, ...pace });
  const spacing = createSpacing(intervalMs, clock);
  const known = new Set<string>();

  function paramsOf({ to, validUntil }: Outgoing, text: MessageText): MessageParams {
    const statusCallback = deps.statusCallback();
    return {
      ...text,
      from,
      to: `whatsapp:${to}`,
      ...(statusCallback === undefined ? {} : { statusCallback }),
      ...(validUntil === undefined ? {} : { validityPeriod: validityPeriod(validUntil - clock.now()) }),
    };
  }

  /** Runs alone: the queue sees to that. */
  async function deliver(message: Outgoing): Promise<string> {
    const { to, content, validUntil = Number.POSITIVE_INFINITY, signal } = message;
    const call = <T>(work: () => Promise<T>) => withDeadline(CALL_LIMIT_MS, work, { clock, signal });
    const since = clock.now();
    const trail: Trail = { inDoubt: false };
    const sid = await sendWithLadder(
      content,
      (text) =>
        sendSurely({
          trail,
          post: () =>
            spacing.run(async () => (await call(() => api.create(paramsOf(message, text)))).sid, signal),
          find: () => call(() => findMessage(api, { from, to: `whatsapp:${to}`, content, since, known })),
          inTime: () => clock.now() < Math.min(validUntil, since + TRY_FOR_MS),
          retry,
          ...(signal === undefined ? {} : { signal }),
        }),
      log,
    );
    remember(known, sid);
    return sid;
  }

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

function validityPeriod(leftMs: number): number {
  return Math.min(Math.max(Math.floor(leftMs / 1000), 1), MAX_VALIDITY_SECONDS);
}

function remember(known: Set<string>, sid: string): void {
  known.add(sid);
  const [oldest] = known;
  if (known.size > MAX_KNOWN && oldest !== undefined) known.delete(oldest);
}
