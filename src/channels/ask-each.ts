// Asks each address by itself: one that does not take it keeps nobody else from being asked.
import type { Log } from "../core/ports/log.ts";
import type { AskOptions } from "../core/ports/messenger.ts";
import type { SentMessage } from "../domain/delivery.ts";
import { DeliveryError } from "../domain/errors.ts";
import type { ApprovalId, Phone } from "../domain/tool-call.ts";

interface AskEach {
  readonly requestId: ApprovalId;
  readonly addresses: readonly Phone[];
  readonly options: Pick<AskOptions, "signal" | "onRefused">;
  /** @returns what was taken for that address. Rejects where something of it was not */
  askOne(to: Phone): Promise<readonly SentMessage[]>;
  toDeliveryError(error: unknown): DeliveryError;
  /** What to do where there is no address. */
  readonly advice: string;
  readonly log: Log;
}

/** @returns what was taken: at least one message. @throws DeliveryError where nothing was; the signal's reason once it has aborted */
export async function askEach(asked: AskEach): Promise<readonly SentMessage[]> {
  const { requestId, addresses, options, askOne, toDeliveryError, advice, log } = asked;
  const { signal } = options;
  const errors: DeliveryError[] = [];
  const asking = addresses.map(async (to) => {
    try {
      return await askOne(to);
    } catch (error) {
      if (signal.aborted) return [];
      const err = toDeliveryError(error);
      log.warn({ id: requestId, err }, "a request was not taken for one approver");
      errors.push(err);
      options.onRefused?.(to, err);
      return [];
    }
  });
  const sent = (await Promise.all(asking)).flat();
  signal.throwIfAborted();
  if (sent.length > 0) return sent;
  throw errors[0] ?? new DeliveryError("Nobody was asked.", advice);
}
