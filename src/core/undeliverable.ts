// The outcome of a request that no phone can get.

import type { Outcome } from "../domain/approval.ts";
import type { DeliveryFailure } from "../domain/delivery.ts";
import { DeliveryError } from "../domain/errors.ts";
import type { ApprovalId, Phone } from "../domain/tool-call.ts";
import type { Messenger } from "./ports/messenger.ts";

/** From what a send threw, or from what a receipt said. */
export function undeliverable(failure: unknown): Outcome {
  const { message, advice, code, channel } = isFailure(failure) ? failure : UNKNOWN;
  return { status: "undeliverable", message, advice, code, ...(channel === undefined ? {} : { channel }) };
}

/** Hands a lost message on to whoever knows another way to that person. @returns what `Receipts` asks of it */
export function lostFor({
  lost,
}: Pick<Messenger, "lost">): (id: ApprovalId, to: Phone, failure: DeliveryFailure | undefined) => boolean {
  return (id, to, { message, advice, code, channel } = UNKNOWN) =>
    lost?.(id, to, new DeliveryError(message, advice, code, { channel })) ?? false;
}

const UNKNOWN: DeliveryFailure = {
  message: "The message was not delivered.",
  advice: "Look at the approval server's log.",
};

function isFailure(failure: unknown): failure is DeliveryFailure {
  if (failure instanceof DeliveryError) return true;
  return typeof failure === "object" && failure !== null && "advice" in failure && "message" in failure;
}
