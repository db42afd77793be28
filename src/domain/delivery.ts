// How far a message has come on its way to a phone.
import type { ChannelName } from "./channel.ts";
import type { Phone } from "./tool-call.ts";

/** Where a message stands on its way to the phone, worst and last states included. */
export type DeliveryState = "queued" | "sent" | "delivered" | "read" | "failed";

/** One outbound message that carries a request, or a part of its text, to one approver. */
export interface SentMessage {
  readonly messageId: string;
  readonly to: Phone;
  /** Only the one with the buttons tells how far the request has come; a part that is lost loses the request. */
  readonly hasButtons: boolean;
  /** Asked for with MORE: whether it arrives decides nothing about the request. */
  readonly isExtra?: boolean | undefined;
  /** The question that it asks, or belongs to, from 1. */
  readonly question?: number | undefined;
}

/** Why a message did not arrive, and what the operator or the person can do about it. */
export interface DeliveryFailure {
  readonly code?: number | undefined;
  /** Whose code it is. Absent: Twilio's. */
  readonly channel?: ChannelName | undefined;
  readonly message: string;
  readonly advice: string;
}

/** News about an outbound message, from a status callback. */
export interface DeliveryReceipt {
  readonly messageId: string;
  readonly state: DeliveryState;
  /** With state `failed`: why. */
  readonly failure?: DeliveryFailure | undefined;
  readonly at: number;
}
