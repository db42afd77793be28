// The way out for the parts of a request's text that were too long to go with it.
import type { ApprovalRequest } from "../../domain/approval.ts";
import type { SentMessage } from "../../domain/delivery.ts";
import type { Phone } from "../../domain/tool-call.ts";

interface MoreOptions {
  readonly to: Phone;
  /** How many of the parts that were kept back this phone has had. */
  readonly skip: number;
  /** Asked before each message: nothing is sent for a request that has ended. */
  isWanted(): boolean;
  onSent(message: SentMessage): void;
}

export interface PartSender {
  /**
   * Sends one phone the next parts of a request's text that were kept back, a few at a time.
   * @returns how many were kept back in all
   * @throws DeliveryError when one was not accepted; `onSent` has told of those before it.
   */
  more(request: ApprovalRequest, options: MoreOptions): Promise<number>;
}
