// Why a message was not sent, or may not have been, where Twilio itself has not said so.
import { DeliveryError } from "../../../domain/errors.ts";
import { toDeliveryError } from "../error-advice.ts";
import { TOO_MANY_REQUESTS } from "../error-codes.ts";

/** Its request has ended, or will have before it could arrive. */
export function tooLate(): DeliveryError {
  return new DeliveryError(
    "The message could not be sent before the request expired.",
    "Try again when fewer messages wait, or raise APPROVAL_TIMEOUT_SECONDS.",
  );
}

/** @param ms how long Twilio wants to wait */
export function held(ms: number): DeliveryError {
  const { message } = toDeliveryError({ status: 429, code: TOO_MANY_REQUESTS });
  return new DeliveryError(message, `It asks to wait ${Math.ceil(ms / 1000)} seconds.`, TOO_MANY_REQUESTS);
}

/** @param failure of the last post, which may have worked */
export function unknownWhether(failure: unknown): DeliveryError {
  const { message, advice, code, cause } = toDeliveryError(failure);
  const doubt = "Look at the phone: the message may have arrived all the same.";
  return new DeliveryError(message, `${advice} ${doubt}`, code, { cause });
}
