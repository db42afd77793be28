// The WhatsApp senders that the simulated account has of its own, and where each posts its messages to.
import type { AccountSender } from "./contract.ts";
import { newSid } from "./sid.ts";

export type Senders = ReturnType<typeof createSenders>;

/** Twilio's Sandbox belongs to nobody, and is in no account's list. */
const SANDBOX = "whatsapp:+14155238886";

/** @param deps.others senders that the account has beside the one that the phones see */
export function createSenders({
  sender,
  others = [],
}: {
  readonly sender: string;
  readonly others?: readonly { readonly address: string; readonly status: string }[] | undefined;
}) {
  const own = sender === SANDBOX ? [] : [{ address: sender, status: "ONLINE" }];
  const senders = new Map<string, AccountSender>(
    [...own, ...others].map((each) => {
      const sid = newSid("XE");
      return [sid, { ...each, sid, webhook: {} }];
    }),
  );
  return {
    all: (): readonly AccountSender[] => [...senders.values()],
    find: (sid: string): AccountSender | undefined => senders.get(sid),

    /** Changes what is named and leaves the rest, as Twilio does. */
    setWebhook(sid: string, change: AccountSender["webhook"]): AccountSender | undefined {
      const before = senders.get(sid);
      if (before === undefined) return undefined;
      const after = { ...before, webhook: { ...before.webhook, ...change } };
      senders.set(sid, after);
      return after;
    },

    /** Where the sender that the phones see posts to, once the API has set it. */
    callbackUrl(): string | undefined {
      const found = [...senders.values()].find(({ address }) => address === sender);
      return found?.webhook["callback_url"] || undefined;
    },
  };
}
