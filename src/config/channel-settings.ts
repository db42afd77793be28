// The settings of the channels beside Twilio's: which are used, in which order, and what is missing for one that is named.
import { type ChannelName, PAIRED_CHANNELS } from "../domain/channel.ts";
import { AGENT_WHERE, TELEGRAM_WHERE } from "./channel-values.ts";
import type { Environment } from "./environment.ts";

/** What makes a channel usable, and how to get it. */
const NEEDS: Readonly<Record<Exclude<ChannelName, "whatsapp">, readonly [keyof Environment, string]>> = {
  "whatsapp-agent": ["WHATSAPP_AGENT_KEY", AGENT_WHERE],
  telegram: ["TELEGRAM_BOT_TOKEN", TELEGRAM_WHERE],
};

export interface PairedAccount {
  /** The key or the token. */
  readonly secret: string;
  /** Sends every call to this origin. */
  readonly baseUrl?: string | undefined;
}

/** The channels in the order in which they are tried: as they are named, else every one that is simulated or set up. */
export function channelsOf(values: Environment, hasTwilio: boolean): readonly ChannelName[] {
  const paired = PAIRED_CHANNELS.filter((name) => values[NEEDS[name][0]] !== undefined);
  if (values.CHANNELS !== undefined) return values.CHANNELS;
  if (values.SIMULATE !== undefined) return values.SIMULATE;
  // Without any account the simulated phone is there.
  return hasTwilio || paired.length === 0 ? ["whatsapp", ...paired] : paired;
}

export function accountsOf(
  values: Environment,
): ReadonlyMap<Exclude<ChannelName, "whatsapp">, PairedAccount> {
  const accounts = [
    ["whatsapp-agent", values.WHATSAPP_AGENT_KEY, values.WHATSAPP_AGENT_BASE_URL],
    ["telegram", values.TELEGRAM_BOT_TOKEN, values.TELEGRAM_BASE_URL],
  ] as const;
  return new Map(
    accounts.flatMap(([name, secret, baseUrl]) =>
      secret === undefined
        ? []
        : [[name, { secret, ...(baseUrl === undefined ? {} : { baseUrl }) }] as const],
    ),
  );
}

/** Each problem begins with the variable that it is about. @param given the names that are set */
export function* channelChecks(values: Environment, given: ReadonlySet<string>): Generator<string> {
  for (const name of values.CHANNELS ?? []) {
    if (name === "whatsapp" || values.SIMULATE !== undefined) continue;
    const [variable, where] = NEEDS[name];
    if (!given.has(variable)) yield `${variable}: is missing while CHANNELS names ${name} (${where})`;
  }
  const { ESCALATE_AFTER_SECONDS: after, APPROVAL_TIMEOUT_SECONDS: limit } = values;
  if (given.has("ESCALATE_AFTER_SECONDS") && after >= limit)
    yield `ESCALATE_AFTER_SECONDS: must be below APPROVAL_TIMEOUT_SECONDS (${limit}): nobody would be asked on the next channel`;
}
