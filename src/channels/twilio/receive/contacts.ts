// When each approver last wrote and when they joined the Sandbox, from Twilio's list of messages: no API reports the
// 24-hour window or the Sandbox's three days, and the phone may have written while no server ran.

import type { Contact, ContactStore } from "../../../core/ports/contact-store.ts";
import type { Log } from "../../../core/ports/log.ts";
import type { Phone } from "../../../domain/tool-call.ts";
import { type Inbox, LARGEST_PAGE } from "./inbox.ts";
import { isJoin } from "./reserved-keywords.ts";
import { SANDBOX_MEMBERSHIP_MS } from "./session-window.ts";

export interface ContactsDeps {
  readonly inbox: Inbox;
  readonly approvers: readonly Phone[];
}

export interface ReadContact extends Contact {
  /** What the phone joined the Sandbox with: "join two-words". */
  readonly joinText?: string | undefined;
}

/**
 * Reads the last three days. Changes nothing.
 * @throws DeliveryError when Twilio cannot be asked.
 */
export async function readContacts(
  { inbox, approvers }: ContactsDeps,
  now: number,
): Promise<ReadonlyMap<Phone, ReadContact>> {
  const contacts = new Map<Phone, ReadContact>();
  for (const phone of approvers) {
    const messages = await inbox.since(phone, now - SANDBOX_MEMBERSHIP_MS, LARGEST_PAGE);
    const last = messages.at(-1);
    const join = messages.findLast(({ text }) => isJoin(text));
    contacts.set(phone, { lastInboundAt: last?.at, joinedAt: join?.at, joinText: join?.text.trim() });
  }
  return contacts;
}

/** Writes what Twilio remembers into the store, which keeps the latest. Never rejects: nothing depends on it. */
export async function seedContacts(
  deps: ContactsDeps & { readonly store: Pick<ContactStore, "recordContact">; readonly log: Log },
  now: number,
): Promise<void> {
  try {
    for (const [phone, { lastInboundAt, joinedAt }] of await readContacts(deps, now)) {
      if (joinedAt !== undefined) await deps.store.recordContact(phone, joinedAt, true);
      if (lastInboundAt !== undefined) await deps.store.recordContact(phone, lastInboundAt, false);
    }
  } catch (error) {
    deps.log.warn({ err: error }, "when the approvers last wrote could not be read from Twilio");
  }
}

/** The later of what two sources know. */
export function laterContact(one: Contact, other: Contact): Contact {
  return {
    lastInboundAt: later(one.lastInboundAt, other.lastInboundAt),
    joinedAt: later(one.joinedAt, other.joinedAt),
  };
}

function later(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.max(one, other);
}
