// How Telegram's numbers become the addresses and message ids of the rest of the server, and back.
import { addressOn, channelOf, userOf } from "../../domain/channel.ts";
import type { Phone } from "../../domain/tool-call.ts";

/** A private chat has the id of its user. At most 52 bits: safe as a number. */
export function addressOf(userId: number): Phone {
  return addressOn("telegram", String(userId));
}

/** @returns undefined for an address that is none of Telegram's users */
export function chatOf(address: Phone): number | undefined {
  const user = channelOf(address) === "telegram" ? userOf(address) : "";
  const chat = /^[1-9]\d{0,15}$/.test(user) ? Number(user) : 0;
  return Number.isSafeInteger(chat) && chat > 0 ? chat : undefined;
}

/** Telegram numbers its messages for each chat anew. */
export function messageIdOf(chat: number, message: number): string {
  return `telegram:${chat}:${message}`;
}

/** @returns undefined for anything but the id of a message */
export function messageOf(id: string): { readonly chat: number; readonly message: number } | undefined {
  const [, chat, message] = /^telegram:(\d{1,16}):(\d{1,16})$/.exec(id) ?? [];
  return chat === undefined || message === undefined
    ? undefined
    : { chat: Number(chat), message: Number(message) };
}
