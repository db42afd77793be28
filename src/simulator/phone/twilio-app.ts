// The simulated Twilio's WhatsApp as an app on the phone.
import type { Chat } from "../chat.ts";
import type { Delivery } from "../delivery.ts";
import type { Gestures } from "../inbound/gestures.ts";
import type { Phones } from "../phones.ts";
import { TYPING_MS, type Typing } from "../typing.ts";
import type { PhoneApp } from "./phone-app.ts";

export interface TwilioAppDeps {
  /** The sender's address. */
  readonly sender: string;
  readonly chat: Chat;
  readonly phones: Phones;
  readonly gestures: Gestures;
  readonly delivery: Delivery;
  readonly typing: Typing;
}

export function createTwilioApp({
  sender,
  chat,
  phones,
  gestures,
  delivery,
  typing,
}: TwilioAppDeps): PhoneApp {
  return {
    channel: "whatsapp",
    sender,
    phones: phones.numbers,
    // They would come to the webhook as texts that decide nothing.
    hasReactions: false,
    messages: () => chat.all().map(({ message }) => message),
    onMessage: (listener) => chat.onChange(({ message }) => listener(message)),
    onTyping: (listener) => typing.onTyping((phone) => listener(phone, TYPING_MS)),
    tap: ({ sid }, button) => gestures.tap(sid, button),
    type: (text, { phone, quote }) => gestures.type(text, { from: phone, quote }),
    read: ({ sid }) => delivery.read(sid),
    react() {},
  };
}
