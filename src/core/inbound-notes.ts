// What is written down of every message from an approver. Nothing waits for the disk to be well: a denial must be heard.
import type { Notice } from "../domain/notice.ts";
import type { ApprovalId, Phone } from "../domain/tool-call.ts";
import { closingWord, saysDone } from "./carried-out.ts";
import type { Gate } from "./gate-contract.ts";
import type { Inbound } from "./inbound.ts";
import type { Clock } from "./ports/clock.ts";
import type { ContactStore } from "./ports/contact-store.ts";
import type { Log } from "./ports/log.ts";
import type { RequestStore } from "./ports/request-store.ts";
import { type Intent, isDenial } from "./reply-intent.ts";

export interface InboundNotes {
  /** When a phone has last written. Never rejects. @param at epoch ms */
  contact(from: Phone, at: number, joined: boolean): Promise<void>;
  /** Whether it counts only where it stops something, and does not: not even what waits or ended here. Never rejects. */
  stopsNothing(inbound: Inbound, intent: Intent): Promise<boolean>;
  /** Whether a message came before; where that cannot be seen, it did not: the decision itself is idempotent. Never rejects. */
  isRepeat(inbound: Inbound, intent: Intent): Promise<boolean>;
  /** What is done before anything is said of it: where that says that it was carried out, that is noted. It never rejects. */
  beforeSaid(id: string, intent: Intent): ((notice: Notice) => Promise<void>) | undefined;
  /** Its sender was told what became of it, by all of these. Never rejects. */
  finished(id: string, told: readonly Promise<unknown>[]): Promise<void>;
}

export interface InboundNotesDeps {
  readonly store: ContactStore & Pick<RequestStore, "find">;
  /** Where what waits is looked up. */
  readonly gate: Pick<Gate, "waiting">;
  readonly clock: Clock;
  readonly log: Log;
}

export function createInboundNotes({ store, gate, clock, log }: InboundNotesDeps): InboundNotes {
  /** A list is read by what waits, and "all" is what waits now: the next start would read another one. */
  function listed(intent: Intent): readonly ApprovalId[] | undefined {
    if (intent.kind !== "several") return undefined;
    return intent.reply.ids === "all" ? gate.waiting().map(({ id }) => id) : intent.reply.ids;
  }

  return {
    async contact(from, at, joined) {
      await store.recordContact(from, at, joined).catch((error: unknown) => {
        log.error({ err: error }, "the time of an inbound message could not be recorded");
      });
    },
    async stopsNothing({ stopsOnly }, intent) {
      if (stopsOnly !== true) return false;
      if (!isDenial(intent)) return true;
      if (intent.kind !== "decide") return false;
      const { id } = intent.reply;
      if (gate.waiting().some((request) => request.id === id)) return false;
      // One of another record is none of this one's; where that cannot be seen, it is heard.
      return store.find(id).then(
        (found) => found === undefined,
        () => false,
      );
    },
    async isRepeat({ id, from, text, buttonId, quotedMessageId }, intent) {
      const request = intent.kind === "decide" ? intent.reply.id : undefined;
      const denial = isDenial(intent) ? { text, buttonId, quotedMessageId, ids: listed(intent) } : undefined;
      try {
        return !(await store.firstSeen(id, clock.now(), { from, request, denial }));
      } catch (error) {
        log.error({ err: error }, "an inbound message could not be recorded");
        return false;
      }
    },
    beforeSaid(id, intent) {
      const word = closingWord(intent);
      if (word === undefined) return undefined;
      return async (notice) => {
        if (!saysDone(word, notice)) return;
        await store.replyDone(id, word).catch((error: unknown) => {
          log.warn({ err: error }, "that a reply was carried out could not be recorded");
        });
      };
    },
    async finished(id, told) {
      // One of them may bring the next.
      for (const each of told) await each.catch(() => {});
      await store.finishReply(id).catch((error: unknown) => {
        log.warn({ err: error }, "that a reply was answered could not be recorded");
      });
    },
  };
}
