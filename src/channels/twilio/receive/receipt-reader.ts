// What became of our messages, read from Twilio's list, for when no status callback can reach us.

import type { Gate } from "../../../core/gate-contract.ts";
import type { Clock } from "../../../core/ports/clock.ts";
import type { Log } from "../../../core/ports/log.ts";
import { numberForms } from "../../../domain/phone-number.ts";
import type { Phone } from "../../../domain/tool-call.ts";
import { createPolling, type Polling } from "./polling.ts";
import { toReceipt } from "./read-webhook.ts";

/** More messages than one request has, with all its parts. */
const LIMIT = 30;

/** The part of the SDK's `client.messages` that is used here. Newest first. */
interface SentListApi {
  list(filter: {
    from: string;
    to: string;
    limit: number;
  }): Promise<readonly { readonly sid: string; readonly status: string; readonly errorCode: number }[]>;
}

export interface ReceiptReaderDeps {
  readonly api: SentListApi;
  /** The sender with its `whatsapp:` prefix. */
  readonly from: string;
  readonly approvers: readonly Phone[];
  readonly gate: Pick<Gate, "receipt">;
  readonly hasWaiting: () => boolean;
  readonly clock: Clock;
  readonly log: Log;
}

/** Looks every 2 s while something waits, never otherwise. */
export function createReceiptReader(deps: ReceiptReaderDeps): Polling {
  const { api, from, approvers, gate, hasWaiting, clock, log } = deps;
  let known = new Map<string, string>();

  async function read(signal: AbortSignal): Promise<void> {
    const latest = new Map<string, string>();
    for (const to of approvers.flatMap(numberForms)) {
      for (const { sid, status, errorCode } of await api.list({ from, to: `whatsapp:${to}`, limit: LIMIT })) {
        if (signal.aborted) return;
        latest.set(sid, status);
        if (known.get(sid) === status) continue;
        const receipt = toReceipt(sid, status, errorCode || undefined, clock.now());
        if (receipt !== undefined) await gate.receipt(receipt);
      }
    }
    known = latest;
  }

  return createPolling({ run: read, wanted: hasWaiting, clock, log });
}
