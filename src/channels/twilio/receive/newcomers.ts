// What phones wrote before the server was there to hear it, read at its start. What stops something is never lost where it may have
// been meant for this server; all else counts only from a phone that this record knows, and only for a quarter of an hour.
import type { Clock } from "../../../core/ports/clock.ts";
import type { ContactStore } from "../../../core/ports/contact-store.ts";
import type { Phone } from "../../../domain/tool-call.ts";
import type { InboxMessage } from "./inbox.ts";

/** How far back replies count for all that they say, ms. */
export const LOOK_BACK_MS = 15 * 60_000;
/** How far back they count for what they stop, ms: the longest downtime that is made up for. */
export const STOPS_BACK_MS = 24 * 60 * 60_000;

/** Everything that was sent in the second of a time is dated by it: epoch ms, cut off. */
const SECOND_MS = 999;

export interface Newcomers {
  /** Whether this record does not know the phone: what it wrote may be about another server. */
  has(phone: Phone): boolean;
  /** Whether this record's first request was made before: a tap may be on that one. @param at epoch ms, cut off to a whole second */
  mayBeAsked(at: number): boolean;
  /** Whether this record was there: what was written then may be about it. @param at as above */
  isOfThisRecord(at: number): boolean;
}

export const NO_NEWCOMERS: Newcomers = {
  has: () => false,
  mayBeAsked: () => false,
  isOfThisRecord: () => true,
};

/** Rejects where the record cannot be read. */
export async function findNewcomers(
  approvers: readonly Phone[],
  store: Pick<ContactStore, "contact" | "firstRequestAt" | "recordBeganAt">,
): Promise<Newcomers> {
  const contacts = await Promise.all(approvers.map((phone) => store.contact(phone)));
  const phones = new Set(approvers.filter((_, index) => contacts[index]?.lastInboundAt === undefined));
  const firstRequestAt = (await store.firstRequestAt()) ?? Number.POSITIVE_INFINITY;
  const beganAt = (await store.recordBeganAt()) ?? Number.POSITIVE_INFINITY;
  return {
    has: (phone) => phones.has(phone),
    mayBeAsked: (at) => at + SECOND_MS >= firstRequestAt,
    isOfThisRecord: (at) => at + SECOND_MS >= beganAt,
  };
}

export interface History {
  /** Never rejects. */
  keep(message: Pick<InboxMessage, "id">): Promise<void>;
  /** Never rejects. */
  has(message: Pick<InboxMessage, "id">): Promise<boolean>;
}

/**
 * What a phone wrote before this record knew it, for later starts, which know the phone. Remembered under a name of its own: the
 * webhook of such a message may be on the way, and that one is to be answered.
 */
export function createHistory(
  store: Pick<ContactStore, "firstSeen" | "wasSeen">,
  clock: Pick<Clock, "now">,
): History {
  const nameOf = (id: string) => `history:${id}`;
  return {
    async keep({ id }) {
      await store.firstSeen(nameOf(id), clock.now()).catch(() => false);
    },
    has: ({ id }) => store.wasSeen(nameOf(id)).catch(() => false),
  };
}
