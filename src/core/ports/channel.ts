// One way to the approvers: it sends, tells of deliveries, and hands on what is written to it together with who wrote it.
import type { ChannelName } from "../../domain/channel.ts";
import type { DeliveryReceipt } from "../../domain/delivery.ts";
import type { SettledRequest } from "../../domain/settled-request.ts";
import type { Phone } from "../../domain/tool-call.ts";
import type { Inbound } from "../inbound.ts";
import type { Messenger } from "./messenger.ts";
import type { PartSender } from "./part-sender.ts";
import type { ReplyReceipt } from "./reply-receipt.ts";

/** Something that was written by somebody who is not bound to the channel. */
export interface StrangerMessage {
  readonly from: Phone;
  readonly text: string;
  /** When it was sent, epoch ms. */
  readonly at: number;
  /** What the platform calls them. Whatever they like: it proves nothing, and must be made safe to be shown. */
  readonly name?: string | undefined;
}

/** What a channel hands on. Nothing of it rejects for what a reply says; it rejects where it could not be written down. */
export interface Heard {
  /** A reply of a bound address. Once it resolves the reply is kept, and the channel need not hand it on again. */
  reply(inbound: Inbound): Promise<void>;
  receipt(receipt: DeliveryReceipt): Promise<void>;
  isBound(address: Phone): boolean;
  /** Whether the request waits and was asked in this run, on whichever channel: what asks for it was sent by this run, or is forged. */
  isAsked(id: string): boolean;
  /** @returns whether it was the code that binds its sender: the channel says nothing to anybody else */
  stranger(message: StrangerMessage): Promise<"bound" | "ignored">;
  /** The platform refuses the address for good. @param why words of ours, for the log and the record */
  lost(address: Phone, why: string): Promise<void>;
}

export interface ChannelHealth {
  readonly channel: ChannelName;
  /** `down`: it cannot be reached now. `refused`: it will not work until somebody does something. */
  readonly state: "starting" | "up" | "down" | "refused";
  /** With `down` and `refused`: what is the matter, and what to do. Words of ours, never a secret. */
  readonly problem?: string | undefined;
}

export interface Channel {
  readonly name: ChannelName;
  readonly messenger: Messenger & PartSender;
  /** Beside a reply, without a message. Takes the ids of its own replies only. */
  readonly receipt: ReplyReceipt;
  /** Begins to listen. What is written to it is handed on one after another. */
  start(heard: Heard): void;
  /** A request began or ceased to wait. */
  changed(hasWaiting: boolean): void;
  /** Takes the buttons from the messages of a request that has ended, and says there how it ended. Waits for nothing, never throws. */
  ended(settled: SettledRequest): void;
  health(): ChannelHealth;
  close(): Promise<void>;
}
