// What a sent message can be answered with words about: a quoted reply to it goes to whoever had it sent. Memory only: what is
// in the database may have been written by somebody else, and must not lead a person's words elsewhere.

import type { Notice } from "../domain/notice.ts";
import type { Phone } from "../domain/tool-call.ts";

/** Who takes the words: Claude, who has finished; a task. */
type AddresseeKind = "finished" | "task";

export interface About {
  readonly kind: AddresseeKind;
  /** Which session or task, in the addressee's own terms. */
  readonly subject: string;
}

export interface Words {
  readonly subject: string;
  /** As they were written. Foreign. */
  readonly text: string;
  readonly from: Phone;
  /** When they were sent, epoch ms. */
  readonly at: number;
}

/** Takes words that were written in reply to one of its messages, and that are proven like an approval before. */
export interface Addressee {
  /** Never rejects. @returns what the person is told; undefined where it tells by itself */
  receive(words: Words): Promise<Notice | undefined>;
}

export interface Addressed {
  /** @param messageId the channel's id of a message that was sent */
  note(messageId: string, about: About): void;
  of(messageId: string): About | undefined;
  /** Who takes the words for a kind of message from now on. */
  serve(kind: AddresseeKind, addressee: Addressee): void;
  /** Hands words on. Where nobody takes them, nothing happens. */
  receive(kind: AddresseeKind, words: Words): Promise<Notice | undefined>;
}

/** Messages that are remembered; the oldest go first. */
const MAX_NOTED = 1_000;

export function createAddressed(max = MAX_NOTED): Addressed {
  const noted = new Map<string, About>();
  const addressees = new Map<AddresseeKind, Addressee>();
  return {
    note(messageId, about) {
      noted.delete(messageId);
      noted.set(messageId, about);
      const [oldest] = noted.keys();
      if (noted.size > max && oldest !== undefined) noted.delete(oldest);
    },
    of: (messageId) => noted.get(messageId),
    serve: (kind, addressee) => void addressees.set(kind, addressee),
    receive: async (kind, words) => addressees.get(kind)?.receive(words),
  };
}
