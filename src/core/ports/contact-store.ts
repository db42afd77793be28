// What is remembered about the phones and what came from them. Every method may reject: the disk can be full.
import type { Phone } from "../../domain/tool-call.ts";

/** What the server remembers about a phone. Times are epoch milliseconds. */
export interface Contact {
  /** WhatsApp takes free messages for 24 h after this. */
  readonly lastInboundAt?: number | undefined;
  /** The Sandbox forgets a phone 3 days after this. */
  readonly joinedAt?: number | undefined;
}

export interface ContactStore {
  /** Remembers an inbound message. @returns false when it was seen before. */
  firstSeen(inboundId: string, at: number): Promise<boolean>;
  /** Notes that a phone wrote at a time; keeps the latest. @param joined whether it joined the Sandbox with it. */
  recordContact(phone: Phone, at: number, joined: boolean): Promise<void>;
  contact(phone: Phone): Promise<Contact>;
}
