// A sign to the phone that its reply was taken, without a message.

export interface ReplyReceipt {
  /** Sends it and waits for nothing. Never throws. @param inboundId the channel's id of the reply */
  show(inboundId: string): void;
}
