// The simulated Agent Platform as an app on the phone.
import { NotOnPhoneError } from "../not-on-phone.ts";
import { followMessages } from "../phone/followed-messages.ts";
import type { PhoneApp, PhoneMessage } from "../phone/phone-app.ts";
import { TYPING_MS } from "../typing.ts";
import type { AgentPlatform, PlatformMessage } from "./contract.ts";

const STATES = { taken: "sent", delivered: "delivered", read: "read" } as const;

/** @param user whose agent it is: nobody else has a chat with it */
export function createAgentApp(platform: AgentPlatform, user: string): PhoneApp {
  const toMessage = (message: PlatformMessage): PhoneMessage => {
    const { id, by, text, quote, file, state, reaction, at } = message;
    const isAgent = by === "agent";
    return {
      sid: id,
      direction: isAgent ? "to-phone" : "from-phone",
      phone: user,
      body: text,
      buttons: [],
      status: isAgent ? STATES[state] : "received",
      ...(isAgent ? {} : { isRead: state === "read" }),
      document: file,
      quotes: quote,
      reaction,
      at,
    };
  };
  const messages = followMessages({ kept: platform.chat, onChange: platform.onChange, toMessage });

  return {
    channel: "whatsapp-agent",
    sender: "agent",
    phones: [user],
    hasReactions: true,
    messages: messages.all,
    onMessage: messages.onMessage,
    onTyping(listener) {
      let typedTo: string | undefined;
      return platform.onChange(() => {
        const last = platform.chat().findLast(({ isTyping }) => isTyping === true)?.id;
        if (last !== undefined && last !== typedTo) listener(user, TYPING_MS);
        typedTo = last ?? typedTo;
      });
    },
    // It has no buttons.
    tap: () => Promise.reject(new NotOnPhoneError("this button")),
    async type(text, { quote }) {
      if (quote !== undefined && messages.find(quote) === undefined)
        throw new NotOnPhoneError("this message");
      platform.write(text, { quote });
      return { status: 202 };
    },
    read: ({ sid }) => platform.read(sid),
    react: ({ sid }, emoji) => void platform.react(sid, emoji),
  };
}
