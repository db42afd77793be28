// Pairing without the rest of the server: the database with its lock, the channels, and what binds. Asks nobody, and answers no request.
import { resolve } from "node:path";
import type { Config } from "../config/config.ts";
import type { Home } from "../config/home.ts";
import { openBindings } from "../core/bindings.ts";
import { createPairing, type Pairing } from "../core/pairing.ts";
import { createPeople, type People } from "../core/people.ts";
import type { ChannelHealth } from "../core/ports/channel.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Log } from "../core/ports/log.ts";
import type { Messenger } from "../core/ports/messenger.ts";
import { channelOf, type PairedChannel } from "../domain/channel.ts";
import { DeliveryError } from "../domain/errors.ts";
import { createSqliteStore } from "../store/sqlite.ts";
import { withApprovers } from "./approvers/with-approvers.ts";
import { openChannels } from "./channels.ts";
import { sealSecrets } from "./seal-secrets.ts";
import type { ServerDeps } from "./server-contract.ts";

/** How long the end waits for what is told of a new approver, ms: nothing else tells them that they are. */
const TELL_LIMIT_MS = 20_000;

export interface OpenPairing {
  readonly pairing: Pairing;
  readonly people: People;
  /** Begins to hear what is written to the channels. */
  listen(): void;
  /** How the channel is heard. */
  health(channel: PairedChannel): ChannelHealth | undefined;
  /** Where a channel goes on reading: what was read elsewhere is not read once more. */
  keepPosition(channel: PairedChannel, position: string): Promise<void>;
  close(): Promise<void>;
}

export interface OpenPairingDeps extends Pick<ServerDeps, "openChannel"> {
  readonly home: Home;
  readonly clock: Clock;
  readonly log: Log;
  /** Nobody is told of a binding: it is not the last word. */
  readonly isSilent?: boolean | undefined;
}

/** @throws ConfigError when the database cannot be used, or a server has it */
export async function openPairing(config: Config, deps: OpenPairingDeps): Promise<OpenPairing> {
  const { home, clock, log, openChannel, isSilent = false } = deps;
  const path = resolve(home.folder, config.databasePath);
  const store = createSqliteStore(path, { isServer: true, secrets: sealSecrets(config), now: clock.now });
  const closers = [() => store.close()];
  const close = async () => {
    for (const closer of closers) await closer();
  };
  try {
    const people = createPeople(withApprovers(config));
    const secretOf = (channel: PairedChannel) => config.pairedAccounts.get(channel)?.secret;
    const bindings = await openBindings({ people, store, secretOf, clock, log });
    const channels = await openChannels(config, {
      store,
      rendererOf: undefined,
      onTaken() {},
      openChannel,
      clock,
      log,
    });
    const messenger: Pick<Messenger, "tell"> = {
      async tell(to, notice) {
        if (isSilent) return "";
        const channel = channels.all.find(({ name }) => name === channelOf(to));
        if (channel === undefined) throw new DeliveryError("That channel is not in use.", "See CHANNELS.");
        return channel.messenger.tell(to, notice);
      },
    };
    const pairing = createPairing({ people, bindings, messenger, clock, log });
    closers.unshift(async () => {
      pairing.stop();
      await pairing.idle(TELL_LIMIT_MS);
      await channels.close();
    });
    return {
      pairing,
      people,
      listen() {
        channels.start({
          // Whoever is bound now may write at once: that is for the server, to which the channel hands it once more.
          reply: () => Promise.reject(new Error("the server is not running: the reply is left to it")),
          receipt: async () => {},
          isBound: (address) => people.personOf(address) !== undefined,
          isAsked: () => false,
          stranger: (message) => pairing.hear(message),
          lost: (address, why) => bindings.unbind(address, why),
        });
      },
      health: (channel) => channels.health().find((each) => each.channel === channel),
      keepPosition: (channel, position) => store.keepChannelPosition(channel, position),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
