// Which way to the phone is meant, as far as the flags and the settings tell. Values only.
import { CHANNELS, type ChannelName, PAIRED_CHANNELS } from "../../domain/channel.ts";
import { type Draft, settingOf } from "./draft.ts";
import type { SetupFlags } from "./flags.ts";

/** In the order in which they are offered. */
export const OFFERED = [...PAIRED_CHANNELS, "whatsapp"] as const satisfies readonly ChannelName[];

const IS_SET_UP: Readonly<Record<ChannelName, (draft: Draft) => boolean>> = {
  whatsapp: (draft) =>
    settingOf(draft, "TWILIO_ACCOUNT_SID") !== undefined &&
    settingOf(draft, "TWILIO_AUTH_TOKEN") !== undefined,
  "whatsapp-agent": (draft) => settingOf(draft, "WHATSAPP_AGENT_KEY") !== undefined,
  telegram: (draft) => settingOf(draft, "TELEGRAM_BOT_TOKEN") !== undefined,
};

/** What CHANNELS says; undefined where it says nothing. */
export function namedChannels(draft: Draft): readonly string[] | undefined {
  return settingOf(draft, "CHANNELS")
    ?.split(",")
    .map((name) => name.trim().toLowerCase());
}

/** Those whose account is known, in the order in which they are tried. */
export function channelsSetUp(draft: Draft): readonly ChannelName[] {
  const there = CHANNELS.filter((name) => IS_SET_UP[name](draft));
  const named = namedChannels(draft) ?? [];
  return [
    ...there.filter((name) => named.includes(name)).sort((a, b) => named.indexOf(a) - named.indexOf(b)),
    ...there.filter((name) => !named.includes(name)),
  ];
}

/** The one that the command line names, or whose account it tells of. */
export function channelOfFlags(flags: SetupFlags): ChannelName | undefined {
  const { channel, agentKey, botToken, accountSid, authToken, from, phone, joinWords } = flags;
  if (channel !== undefined) return channel;
  if (agentKey !== undefined) return "whatsapp-agent";
  if (botToken !== undefined) return "telegram";
  const ofTwilio = [accountSid, authToken, from, phone, joinWords, flags.publicUrl, flags.ngrokDomain];
  return ofTwilio.some((each) => each !== undefined) ? "whatsapp" : undefined;
}

/** The one that goes without saying: nobody need be asked. */
export function impliedChannel(draft: Draft, flags: SetupFlags): ChannelName | undefined {
  const half = settingOf(draft, "TWILIO_ACCOUNT_SID") ?? settingOf(draft, "TWILIO_AUTH_TOKEN");
  return channelOfFlags(flags) ?? channelsSetUp(draft)[0] ?? (half === undefined ? undefined : "whatsapp");
}
