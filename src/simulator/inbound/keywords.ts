// Words that Twilio keeps to itself: opting out and in again, joining the Sandbox. Our server never sees them.
import type { WebhookResult } from "../contract.ts";
import type { Phones } from "../phones.ts";

const OPT_OUT = /^(stop|stopall|unsubscribe|end|quit|cancel|revoke|optout)$/i;
const OPT_IN = /^(start|unstop)$/i;
const JOIN = /^join [a-z]+-[a-z]+$/i;

/** What Twilio does instead of posting a webhook: the reason, and its own words to the phone. */
export interface Kept {
  readonly withheld: NonNullable<WebhookResult["withheld"]>;
  readonly reply: string;
}

/** Applies an eaten word to the phone's state. Undefined: the text goes to our server. */
export function keepKeyword(text: string, phone: string, phones: Phones): Kept | undefined {
  const word = text.trim();
  if (JOIN.test(word)) {
    phones.join(phone);
    phones.noteInbound(phone);
    return { withheld: "join", reply: "Twilio Sandbox: ✅ You are all set! Reply stop to opt out." };
  }
  if (!phones.exists(phone)) return undefined;
  if (!phones.isJoined(phone)) {
    return {
      withheld: "not-joined",
      reply: "This number is not connected to the Sandbox. Send join <two>-<words> first.",
    };
  }
  phones.noteInbound(phone);
  if (OPT_OUT.test(word)) {
    phones.optOut(phone);
    return {
      withheld: "opt-out",
      reply:
        "You have been unsubscribed and get no more messages from this number. Reply START to resubscribe.",
    };
  }
  if (OPT_IN.test(word) && phones.isOptedOut(phone)) {
    phones.optIn(phone);
    return { withheld: "opt-in", reply: "You have been resubscribed. Reply STOP to unsubscribe." };
  }
  return undefined;
}
