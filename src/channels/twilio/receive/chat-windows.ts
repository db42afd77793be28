// How long a phone's chat stays open and the Sandbox knows it, from the record and from Twilio's list of messages.
import type { ChatEnds, ChatWindows } from "../../../core/ports/chat-windows.ts";
import type { Contact, ContactStore } from "../../../core/ports/contact-store.ts";
import { type ContactsDeps, laterContact, readContacts } from "./contacts.ts";
import { sessionState } from "./session-window.ts";

export interface ChatWindowsDeps extends Pick<ContactsDeps, "inbox"> {
  readonly store: Pick<ContactStore, "contact" | "recordContact">;
  /** The Sandbox's number, where that is the sender: only the Sandbox forgets a phone. */
  readonly sandbox: string | undefined;
  /** Twilio's clock, epoch ms. */
  readonly now: () => number;
}

export function createChatWindows({ inbox, store, sandbox, now }: ChatWindowsDeps): ChatWindows {
  function toEnds(contact: Contact, joinText?: string): ChatEnds {
    const { closesAt, sandboxExpiresAt: endsAt } = sessionState(contact, now());
    const isMember = sandbox !== undefined && endsAt !== undefined;
    return { closesAt, membership: isMember ? { endsAt, joinText, sender: sandbox } : undefined };
  }

  return {
    known: async (phone) => toEnds(await store.contact(phone)),
    async ask(phone) {
      const found = (await readContacts({ inbox, approvers: [phone] }, now())).get(phone) ?? {};
      const { joinedAt, lastInboundAt, joinText } = found;
      if (joinedAt !== undefined) await store.recordContact(phone, joinedAt, true);
      if (lastInboundAt !== undefined) await store.recordContact(phone, lastInboundAt, false);
      return toEnds(laterContact(await store.contact(phone), found), joinText);
    },
  };
}
