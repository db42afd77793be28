// What is remembered about the phones and what came from them. Every method may reject: the disk can be full.
import type { ClosingWord } from "../../domain/closing-word.ts";
import type { ApprovalId, Phone } from "../../domain/tool-call.ts";
import type { Inbound } from "../inbound.ts";

/** What the server remembers about a phone. Times are epoch milliseconds. */
export interface Contact {
  /** WhatsApp takes free messages for 24 h after this. */
  readonly lastInboundAt?: number | undefined;
  /** The Sandbox forgets a phone 3 days after this. */
  readonly joinedAt?: number | undefined;
}

/** A reply that is being carried out: what the next start needs to know of it, should this run end meanwhile. */
export interface UnfinishedReply {
  readonly inboundId: string;
  /** A number, or a user's id, as the channel named it. Foreign. */
  readonly from: string;
  readonly at: number;
  /** The one request that it was about. */
  readonly request?: ApprovalId | undefined;
  /** What it said, where it can only keep something from running; an approval is never carried out from here. */
  readonly denial?: LeftDenial | undefined;
  /** The command that it was, where all of that was done: only its sender is left to be told. */
  readonly done?: ClosingWord | undefined;
}

export type LeftDenial = Pick<Inbound, "text" | "buttonId" | "quotedMessageId"> & {
  /** What it denied, where that was a list, or all that waited. */
  readonly ids?: readonly ApprovalId[] | undefined;
};

export interface ContactStore {
  /**
   * Remembers an inbound message, and with it in one write that it is being carried out.
   * @returns false when it was seen before; nothing is written then.
   */
  firstSeen(
    inboundId: string,
    at: number,
    unfinished?: Omit<UnfinishedReply, "inboundId" | "at" | "done">,
  ): Promise<boolean>;
  wasSeen(inboundId: string): Promise<boolean>;
  /** All of the command that it was is done; that its sender knows is not. */
  replyDone(inboundId: string, done: ClosingWord): Promise<void>;
  /** Its sender has been told what became of it. */
  finishReply(inboundId: string): Promise<void>;
  /** Those of an earlier run. */
  unfinishedReplies(): Promise<readonly UnfinishedReply[]>;
  /** When the oldest request of the record was made, epoch ms. */
  firstRequestAt(): Promise<number | undefined>;
  /** When this record began, as far as it still tells, epoch ms. */
  recordBeganAt(): Promise<number | undefined>;
  /** Notes that a phone wrote at a time; keeps the latest. @param joined whether it joined the Sandbox with it. */
  recordContact(phone: Phone, at: number, joined: boolean): Promise<void>;
  contact(phone: Phone): Promise<Contact>;
}
