// The way out to the approvers' phones, whatever the channel.
import type { ApprovalRequest } from "../../domain/approval.ts";
import type { SentMessage } from "../../domain/delivery.ts";
import type { AskedQuestion } from "../../domain/question-prompt.ts";
import type { Phone } from "../../domain/tool-call.ts";

/** The way out to the approvers' phones. */
export interface Messenger {
  /**
   * Sends a request to every approver, or one of its questions.
   * @param signal aborts when nobody waits any more; what is still queued then is dropped.
   * @param onSent told of each message as soon as it is accepted: it may be answered before the next one is sent
   * @returns the messages that were accepted: at least one.
   * @throws DeliveryError when not one of them was accepted.
   */
  ask(
    request: ApprovalRequest,
    signal: AbortSignal,
    onSent: (message: SentMessage) => void,
    question?: AskedQuestion,
  ): Promise<readonly SentMessage[]>;
  /** Sends one plain message. @throws DeliveryError when it was not accepted. */
  tell(to: Phone, text: string): Promise<void>;
}
