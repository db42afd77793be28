// An address that its platform refuses for good: it is unbound, and everybody who can still be told is.
import { CHANNEL_TITLES, type ChannelName, channelOf } from "../domain/channel.ts";
import type { Phone } from "../domain/tool-call.ts";
import type { Bindings } from "./bindings.ts";
import type { People } from "./people.ts";
import type { Log } from "./ports/log.ts";
import type { Messenger } from "./ports/messenger.ts";

interface LostAddress {
  readonly channel: ChannelName;
  readonly person: string;
  readonly why: string;
}

export interface LostAddresses {
  /** @param why words of ours. Never rejects. */
  lose(address: Phone, why: string): Promise<void>;
  /** Those of this run that were not bound again. */
  list(): readonly LostAddress[];
}

export interface LostAddressesDeps {
  readonly people: Pick<People, "personOf" | "toTell">;
  readonly bindings: Pick<Bindings, "unbind">;
  readonly messenger: Pick<Messenger, "tell">;
  readonly log: Log;
}

export function createLostAddresses({ people, bindings, messenger, log }: LostAddressesDeps): LostAddresses {
  const lost = new Map<Phone, LostAddress>();
  return {
    async lose(address, why) {
      const person = people.personOf(address)?.name;
      await bindings.unbind(address, why);
      // Of one that was lost already nothing is to be said.
      if (person === undefined) return;
      const channel = channelOf(address);
      lost.set(address, { channel, person, why });
      await Promise.all(
        people
          .toTell()
          .map((to) =>
            messenger
              .tell(to, { kind: "approver-lost", channel: CHANNEL_TITLES[channel], person, why })
              .catch((error: unknown) =>
                log.warn({ err: error }, "a phone could not be told of a lost address"),
              ),
          ),
      );
    },
    list: () =>
      [...lost].filter(([address]) => people.personOf(address) === undefined).map(([, each]) => each),
  };
}
