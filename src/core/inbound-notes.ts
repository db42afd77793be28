// What is written down of every message from an approver. Nothing waits for the disk to be well: a denial must be heard.
import type { Phone } from "../domain/tool-call.ts";
import type { Clock } from "./ports/clock.ts";
import type { ContactStore } from "./ports/contact-store.ts";
import type { Log } from "./ports/log.ts";

export interface InboundNotes {
  /** When a phone has last written. Never rejects. @param at epoch ms */
  contact(from: Phone, at: number, joined: boolean): Promise<void>;
  /** Whether a message came before; where that cannot be seen, it did not: the decision itself is idempotent. Never rejects. */
  isRepeat(id: string): Promise<boolean>;
}

export interface InboundNotesDeps {
  readonly store: ContactStore;
  readonly clock: Clock;
  readonly log: Log;
}

export function createInboundNotes({ store, clock, log }: InboundNotesDeps): InboundNotes {
  return {
    async contact(from, at, joined) {
      await store.recordContact(from, at, joined).catch((error: unknown) => {
        log.error({ err: error }, "the time of an inbound message could not be recorded");
      });
    },
    async isRepeat(id) {
      try {
        return !(await store.firstSeen(id, clock.now()));
      } catch (error) {
        log.error({ err: error }, "an inbound message could not be recorded");
        return false;
      }
    },
  };
}
