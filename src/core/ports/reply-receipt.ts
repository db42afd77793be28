// A sign to the phone that its reply was taken, without a message.
import type { Phone } from "../../domain/tool-call.ts";

export interface ReplyReceipt {
  /** Sends it and waits for nothing. Never throws. @param inboundId the channel's id of the reply @param to who has sent it */
  show(inboundId: string, to: Phone): void;
}
