// The channels beside Twilio's: one line each. A new one is its folder, its settings and its line here.
import type { PairedAccount } from "../config/channel-settings.ts";
import type { Config } from "../config/config.ts";
import type { Channel, ChannelHealth, Heard } from "../core/ports/channel.ts";
import type { ChannelStore } from "../core/ports/channel-store.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { MessageNote } from "../core/ports/correspondence-store.ts";
import type { Log } from "../core/ports/log.ts";
import type { ReplyReceipt } from "../core/ports/reply-receipt.ts";
import type { PairedChannel } from "../domain/channel.ts";
import type { SettledRequest } from "../domain/settled-request.ts";
import type { Guards } from "./guards.ts";

export interface ChannelsDeps {
  readonly store: ChannelStore;
  /** Writes requests out, large ones in a thread of their own; undefined where nobody is asked. */
  readonly rendererOf: Guards["rendererOf"] | undefined;
  /** Told of each message that was taken. */
  readonly onTaken: (note: MessageNote) => void;
  /** Makes a channel in place of the real one. */
  readonly openChannel?: OpenChannel | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

/** Makes one channel; nothing is sent or read yet. */
export type OpenChannel = (
  account: PairedAccount,
  config: Config,
  deps: ChannelsDeps,
  name: PairedChannel,
) => Promise<Channel>;

const OPEN: Readonly<Record<PairedChannel, OpenChannel>> = {
  "whatsapp-agent": async ({ secret: key, baseUrl }, { reactions }, deps) => {
    const { createAgentChannel } = await import("../channels/whatsapp-agent/create-agent-channel.ts");
    return createAgentChannel({
      ...deps,
      render: deps.rendererOf?.("whatsapp-agent"),
      key,
      baseUrl,
      reactions: reactions ? "on" : "off",
    });
  },
  async telegram({ secret: token, baseUrl }, _config, deps) {
    const { createTelegramChannel } = await import("../channels/telegram/channel.ts");
    return createTelegramChannel({ ...deps, render: deps.rendererOf?.("telegram"), token, baseUrl });
  },
};

/** The real one. */
export const openRealChannel: OpenChannel = (account, config, deps, name) =>
  OPEN[name](account, config, deps, name);

export interface Channels {
  readonly all: readonly Channel[];
  readonly signs: ReadonlyMap<PairedChannel, ReplyReceipt>;
  start(heard: Heard): void;
  changed(hasWaiting: boolean): void;
  ended(settled: SettledRequest): void;
  health(): readonly ChannelHealth[];
  close(): Promise<void>;
}

export async function openChannels(config: Config, deps: ChannelsDeps): Promise<Channels> {
  const all: Channel[] = [];
  const signs = new Map<PairedChannel, ReplyReceipt>();
  // In the order of CHANNELS: the codes of a first start are shown in it, too.
  for (const name of config.channels) {
    const account = name === "whatsapp" ? undefined : config.pairedAccounts.get(name);
    if (name === "whatsapp" || account === undefined) continue;
    const open = deps.openChannel ?? OPEN[name];
    const channel = await open(account, config, deps, name);
    all.push(channel);
    signs.set(name, channel.receipt);
  }
  const each = (work: (channel: Channel) => void) => all.forEach(work);
  return {
    all,
    signs,
    start: (heard) => each((channel) => channel.start(heard)),
    changed: (hasWaiting) => each((channel) => channel.changed(hasWaiting)),
    ended: (settled) => each((channel) => channel.ended(settled)),
    health: () => all.map((channel) => channel.health()),
    close: async () => void (await Promise.all(all.map((channel) => channel.close()))),
  };
}
