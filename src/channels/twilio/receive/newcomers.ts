// Approvers whom the database does not know yet: what they wrote before is history, and no reply.
import type { ContactStore } from "../../../core/ports/contact-store.ts";
import type { Phone } from "../../../domain/tool-call.ts";

export interface Newcomers {
  has(phone: Phone): boolean;
  /** Whether this record's first request was made before: a tap may be on that one. @param at epoch ms, cut off to a whole second */
  mayBeAsked(at: number): boolean;
}

export const NO_NEWCOMERS: Newcomers = { has: () => false, mayBeAsked: () => false };

/** Rejects where the record cannot be read. */
export async function findNewcomers(
  approvers: readonly Phone[],
  store: Pick<ContactStore, "contact" | "firstRequestAt">,
): Promise<Newcomers> {
  const contacts = await Promise.all(approvers.map((phone) => store.contact(phone)));
  const phones = new Set(approvers.filter((_, index) => contacts[index]?.lastInboundAt === undefined));
  if (phones.size === 0) return NO_NEWCOMERS;
  const firstRequestAt = (await store.firstRequestAt()) ?? Number.POSITIVE_INFINITY;
  return { has: (phone) => phones.has(phone), mayBeAsked: (at) => at + 999 >= firstRequestAt };
}
