// News about our own messages: delivered and read, also twice and in odd order. A message of which nobody could tell whether it was
// taken is proven by one.
import type { Heard } from "../../../core/ports/channel.ts";
import type { Clock } from "../../../core/ports/clock.ts";
import type { Log } from "../../../core/ports/log.ts";
import { pause } from "../../../core/timing.ts";
import type { DeliveryReceipt, DeliveryState } from "../../../domain/delivery.ts";
import type { PlatformTime } from "../../platform-time.ts";
import { createRecent } from "../recent.ts";
import { type AgentStatus, timeOf } from "./updates.ts";

type ReceiptState = Exclude<DeliveryState, "queued">;

/** Only delivered and read are documented; a failure is final, but what has arrived cannot fail. */
const RANKS: Readonly<Record<ReceiptState, number>> = { sent: 1, failed: 2, delivered: 3, read: 4 };

/** How long a message may be unproven, ms: nothing else is sent meanwhile. */
export const PROOF_MS = 10_000;

export interface AgentReceipts {
  /** Hands them on. @throws what `heard` throws, after all of them have been tried */
  take(statuses: readonly AgentStatus[]): Promise<void>;
  /** A message was taken. */
  sent(messageId: string): void;
  /**
   * Waits for the receipt of a message whose outcome is unknown. Nothing may be sent meanwhile.
   * @param since when its sending began, epoch ms by the platform's clock
   * @returns an id of ours for it; undefined where no receipt has come. Never the platform's: a receipt of an older message may look
   *   the same, and a reply to that one must not count for this one.
   */
  proofOf(since: number, signal: AbortSignal | undefined): Promise<string | undefined>;
}

interface ReceiptsDeps {
  readonly clock: Clock;
  readonly time: PlatformTime;
  readonly log: Log;
  readonly heard: () => Heard | undefined;
}

export function createAgentReceipts({ clock, time, log, heard }: ReceiptsDeps): AgentReceipts {
  /** How far a message has come; 0 where it was only taken. */
  const ranks = createRecent<number>();
  /** Ids of ours for messages that a receipt has proven. */
  const proven = createRecent<string>();
  let looking: ((status: AgentStatus) => void) | undefined;
  let found = 0;

  async function take(status: AgentStatus): Promise<void> {
    const state = stateOf(status);
    if (state === undefined) return;
    const before = ranks.get(status.id);
    if (before === undefined && state === "delivered") looking?.(status);
    if (before !== undefined && RANKS[state] <= before) return;
    await heard()?.receipt(receiptOf(status, state, proven.get(status.id)));
    ranks.set(status.id, RANKS[state]);
  }

  function receiptOf(status: AgentStatus, state: ReceiptState, ourId = status.id): DeliveryReceipt {
    const receipt = { messageId: ourId, state, at: time.local(timeOf(status)) };
    return state === "failed" ? { ...receipt, failure: failureOf(status) } : receipt;
  }

  return {
    async take(statuses) {
      const failures: unknown[] = [];
      for (const status of statuses) await take(status).catch((error: unknown) => failures.push(error));
      if (failures.length > 0) throw failures[0];
    },
    sent(messageId) {
      if (ranks.get(messageId) === undefined) ranks.set(messageId, 0);
    },
    async proofOf(since, signal) {
      const over = new AbortController();
      let ourId: string | undefined;
      looking = (status) => {
        // Whole seconds, cut off.
        if (ourId !== undefined || timeOf(status) + 999 < since) return;
        found += 1;
        ourId = `whatsapp-agent:${clock.now()}:${found}`;
        proven.set(status.id, ourId);
        over.abort();
      };
      const stop = () => over.abort();
      signal?.addEventListener("abort", stop, { once: true });
      try {
        if (signal?.aborted !== true) await pause(PROOF_MS, clock, over.signal).catch(() => {});
      } finally {
        looking = undefined;
        signal?.removeEventListener("abort", stop);
      }
      log.info(
        { proven: ourId !== undefined },
        "a message of unknown fate was looked for among the receipts",
      );
      return ourId;
    },
  };
}

function stateOf({ status }: AgentStatus): ReceiptState | undefined {
  return Object.keys(RANKS).includes(status) ? (status as ReceiptState) : undefined;
}

function failureOf({ errors }: AgentStatus) {
  const code = Number(errors?.[0]?.code);
  return {
    ...(Number.isInteger(code) && code > 0 ? { code } : {}),
    channel: "whatsapp-agent" as const,
    message: "WhatsApp took the message and could not deliver it.",
    advice: "Look at the phone; then ask again.",
  };
}
