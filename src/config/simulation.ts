// SIMULATE: the channels whose phone is a page of this machine. A simulated phone never stands beside a real one: anyone on this machine
// can tap on it, and would decide what the real one is asked.
import { addressOn, type ChannelName, type PairedChannel } from "../domain/channel.ts";
import type { Person } from "../domain/person.ts";
import type { Phone } from "../domain/tool-call.ts";
import { accountsOf } from "./channel-settings.ts";
import type { Environment } from "./environment.ts";

export interface Simulation {
  /** In the order in which they are tried. */
  readonly channels: readonly ChannelName[];
  /** Of the page: 0 picks a free one. */
  readonly port: number;
}

/** Who has the simulated phone where the settings name nobody. */
const OWNER = "owner";

/** Whose chats these are: ids that no account has, so that a record tells them from real ones. */
const SIMULATED_USERS: Readonly<Record<PairedChannel, string>> = {
  // Below Telegram's 52 bits, and far beyond its real ones.
  telegram: "4500000000000006",
  "whatsapp-agent": "user:simulated-6",
};

/**
 * @param channels those in use
 * @returns undefined with real phones. Without any account of any channel, Twilio's WhatsApp is simulated
 */
export function simulationOf(
  values: Environment,
  channels: readonly ChannelName[],
  hasTwilio: boolean,
): Simulation | undefined {
  const port = values.SIMULATOR_PORT;
  if (values.SIMULATE !== undefined) return { channels, port };
  return !hasTwilio && channels.includes("whatsapp") ? { channels: ["whatsapp"], port } : undefined;
}

/**
 * Adds the simulated phone's addresses, on each channel where nobody has one: to whom the file of approvers names there, who may approve
 * before who is only told; else to the first one who may approve.
 */
export function withSimulatedPhone(
  people: readonly Person[],
  simulation: Simulation | undefined,
): readonly Person[] {
  const channels = simulation?.channels.filter((name) => name !== "whatsapp") ?? [];
  const isReached = (name: PairedChannel) =>
    people.some(({ addresses }) => addresses.some((address) => address.startsWith(`${name}:`)));
  const missing = channels.filter((name) => !isReached(name));
  if (missing.length === 0) return people;
  const approvers = people.filter(({ role }) => role === "approve");
  const byRole = [...approvers, ...people];
  const whose = (name: PairedChannel) => byRole.find(({ pairs }) => pairs?.includes(name)) ?? approvers[0];
  const chats = missing.map((name) => ({ address: addressOn(name, SIMULATED_USERS[name]), of: whose(name) }));
  const addressesOf = (person: Person | undefined): readonly Phone[] =>
    chats.filter(({ of }) => of === person).map(({ address }) => address);
  const owned = addressesOf(undefined);
  return [
    ...people.map((each) => ({ ...each, addresses: [...each.addresses, ...addressesOf(each)] })),
    ...(owned.length > 0 ? [{ name: OWNER, role: "approve", addresses: owned } as const] : []),
  ];
}

const ACCOUNT_OF: Readonly<Record<PairedChannel, string>> = {
  "whatsapp-agent": "WHATSAPP_AGENT_KEY",
  telegram: "TELEGRAM_BOT_TOKEN",
};

/**
 * Each problem begins with the variable that it is about.
 * @param twilio the variables of a Twilio account that are set
 */
export function* simulationChecks(values: Environment, twilio: readonly string[]): Generator<string> {
  const { SIMULATE: simulated, CHANNELS: named } = values;
  const paired = [...accountsOf(values).keys()];
  const real: readonly (readonly [ChannelName, string])[] = [
    ...twilio.map((name) => ["whatsapp", name] as const),
    ...paired.map((name) => [name, ACCOUNT_OF[name]] as const),
  ];
  if (simulated === undefined) {
    const beside = paired.find((name) => named?.includes(name));
    if (named?.includes("whatsapp") && twilio.length === 0 && beside !== undefined)
      yield `TWILIO_ACCOUNT_SID: is missing while CHANNELS names whatsapp beside ${beside}, whose account is real: a simulated phone, on which anyone on this machine can tap, cannot stand in for Twilio there`;
    return;
  }
  for (const [channel, variable] of real) {
    yield simulated.includes(channel)
      ? `SIMULATE: names ${simulatedName(channel)} while ${variable} is set: it is simulated or real, so take one of the two out`
      : `SIMULATE: is set beside ${variable}: anyone on this machine can tap on a simulated phone, so it cannot stand beside a real one; take one of the two out`;
  }
  if (named === undefined) return;
  const [more] = named.filter((name) => !simulated.includes(name));
  const [less] = simulated.filter((name) => !named.includes(name));
  if (more !== undefined) yield `CHANNELS: names ${more}, which SIMULATE does not`;
  if (less !== undefined) yield `CHANNELS: leaves out ${less}, which SIMULATE names`;
}

/** As it is written in `SIMULATE`. */
function simulatedName(channel: ChannelName): string {
  return channel === "whatsapp" ? "twilio" : channel;
}
