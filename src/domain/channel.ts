// The ways to a person, and which of them an address belongs to. An address of Twilio's WhatsApp is a number in E.164 form; every other
// one begins with the name of its channel.
import type { Phone } from "./tool-call.ts";

export const CHANNELS = ["whatsapp", "whatsapp-agent", "telegram"] as const;

export type ChannelName = (typeof CHANNELS)[number];

/** A channel whose approvers are bound by a code, not named in the settings. */
export type PairedChannel = Exclude<ChannelName, "whatsapp">;

export const PAIRED_CHANNELS = ["whatsapp-agent", "telegram"] as const satisfies readonly PairedChannel[];

/** What a person calls it. */
export const CHANNEL_TITLES: Readonly<Record<ChannelName, string>> = {
  whatsapp: "WhatsApp",
  "whatsapp-agent": "WhatsApp (agent)",
  telegram: "Telegram",
};

/** Whose error codes a channel's failures have, as it is named before one. */
export const PLATFORMS_ERROR: Readonly<Record<ChannelName, string>> = {
  whatsapp: "Twilio error",
  "whatsapp-agent": "WhatsApp's error",
  telegram: "Telegram's error",
};

/** What may be said to whoever reads it there. */
export interface ChannelAbilities {
  /** Whether its messages have buttons to tap. */
  readonly hasButtons: boolean;
  /** Whether a chat closes 24 hours after its person's last message. */
  readonly closes: boolean;
}

export const ABILITIES: Readonly<Record<ChannelName, ChannelAbilities>> = {
  whatsapp: { hasButtons: true, closes: true },
  "whatsapp-agent": { hasButtons: false, closes: false },
  telegram: { hasButtons: true, closes: false },
};

/** "Telegram", "WhatsApp or Telegram". @param joint between the last two: "or", "and" */
export function channelsText(channels: readonly ChannelName[], joint: string): string {
  const titles = channels.map((name) => CHANNEL_TITLES[name]);
  const last = titles.pop() ?? "";
  return titles.length === 0 ? last : `${titles.join(", ")} ${joint} ${last}`;
}

/** @param address as `addressOn` makes it, or a number, or WhatsApp's id of a user who hides it */
export function channelOf(address: string): ChannelName {
  return CHANNELS.find((name) => address.startsWith(`${name}:`)) ?? "whatsapp";
}

/** Those that the addresses are on, each once, in their order. */
export function channelsAmong(addresses: readonly string[]): readonly ChannelName[] {
  return [...new Set(addresses.map(channelOf))];
}

/** @param user the channel's own id of the person: compared whole, never read */
export function addressOn(channel: PairedChannel, user: string): Phone {
  return `${channel}:${user}` as Phone;
}

/** The channel's own id of the person. */
export function userOf(address: Phone): string {
  const channel = channelOf(address);
  return channel === "whatsapp" ? address : address.slice(channel.length + 1);
}
