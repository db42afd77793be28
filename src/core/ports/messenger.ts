// The way out to the approvers' phones, whatever the channel.
import type { ApprovalRequest } from "../../domain/approval.ts";
import type { ChannelName } from "../../domain/channel.ts";
import type { SentMessage } from "../../domain/delivery.ts";
import type { DeliveryError } from "../../domain/errors.ts";
import type { Notice } from "../../domain/notice.ts";
import type { AskedQuestion } from "../../domain/question-message.ts";
import type { SettledRequest } from "../../domain/settled-request.ts";
import type { ApprovalId, Phone } from "../../domain/tool-call.ts";

export interface AskOptions {
  /** Aborts when nobody waits any longer; what is still queued then is dropped. */
  readonly signal: AbortSignal;
  /** How much longer the request waits, ms. */
  leftMs(): number;
  /** Whom. Default: every approver of the channel. */
  readonly to?: readonly Phone[] | undefined;
  /** One of the request's questions, instead of the request. */
  readonly question?: AskedQuestion | undefined;
  /**
   * Told before anything is sent what the message lets the person do beside Approve and Deny, and how many characters of the
   * call it does not show.
   */
  onRendered(message: { readonly offersSession: boolean; readonly hidden: number }): void;
  /** Told of each message as soon as it is accepted: it may be answered before the next one is sent. */
  onSent(message: SentMessage): void;
  /** Told at once of each address that a message was not taken for: there may be another way to the same person. */
  onRefused?(to: Phone, error: DeliveryError): void;
  /** After it was sent: what had been sent is lost, and no way is left. */
  onHopeless?(error: DeliveryError): void;
}

export interface Messenger {
  /**
   * Sends a request, or one of its questions.
   * @returns the messages that were accepted: at least one.
   * @throws DeliveryError when not one of them was accepted.
   */
  ask(request: ApprovalRequest, options: AskOptions): Promise<readonly SentMessage[]>;
  /** Sends one plain message. @returns the channel's id of it. @throws DeliveryError when it was not accepted. */
  tell(to: Phone, notice: Notice): Promise<string>;
  /** The channels that a waiting request was sent over; before it was, those that it goes to first. Absent: not known */
  over?(request: ApprovalRequest): readonly ChannelName[];
  /** What was sent for a request did not arrive there. @returns whether it is tried elsewhere, or may still arrive */
  lost?(id: ApprovalId, to: Phone, error: DeliveryError): boolean;
  /** A request has ended: nothing more is asked about it. */
  ended?(settled: SettledRequest): void;
}
