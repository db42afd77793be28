// The outcome of a request that no phone can get.

import type { Outcome } from "../domain/approval.ts";
import type { DeliveryFailure } from "../domain/delivery.ts";
import { DeliveryError } from "../domain/errors.ts";

/** From what a send threw, or from what a receipt said. */
export function undeliverable(failure: unknown): Outcome {
  const { message, advice, code } = isFailure(failure) ? failure : UNKNOWN;
  return { status: "undeliverable", message, advice, code };
}

const UNKNOWN: DeliveryFailure = {
  message: "The message was not delivered.",
  advice: "Look at the approval server's log.",
};

function isFailure(failure: unknown): failure is DeliveryFailure {
  if (failure instanceof DeliveryError) return true;
  return typeof failure === "object" && failure !== null && "advice" in failure && "message" in failure;
}
