// Everybody is told of a new address. Who still has to be is written down with the binding itself: whatever ends this run, or keeps a
// message from being sent, the next start tells them.
import { CHANNEL_TITLES, channelOf } from "../domain/channel.ts";
import type { Phone } from "../domain/tool-call.ts";
import type { Bindings } from "./bindings.ts";
import type { People } from "./people.ts";
import type { Clock } from "./ports/clock.ts";
import type { Log } from "./ports/log.ts";
import type { Messenger } from "./ports/messenger.ts";
import { waitAtMost } from "./timing.ts";

export interface PairingTelling {
  /** Does not wait for it. @param all who is told, the new address itself among them */
  tellAll(address: Phone, person: string, all: readonly Phone[]): void;
  /** Tells whom an earlier run has not told. */
  tellLeft(): void;
  /** Resolves once all of that is over, at the latest after so long, ms: a message may hang. Never rejects. */
  idle(limitMs: number): Promise<void>;
}

export interface PairingTellingDeps {
  readonly people: Pick<People, "mayApprove" | "personOf">;
  readonly bindings: Pick<Bindings, "told" | "untold">;
  readonly messenger: Pick<Messenger, "tell">;
  readonly clock: Clock;
  readonly log: Log;
}

export function createPairingTelling(deps: PairingTellingDeps): PairingTelling {
  const { people, bindings, messenger, clock, log } = deps;
  const telling = new Set<Promise<unknown>>();
  /** By the new address, who still has to be told of it. */
  const untold = new Map<Phone, Set<Phone>>();

  function tellAll(address: Phone, person: string, all: readonly Phone[]): void {
    const about = { channel: CHANNEL_TITLES[channelOf(address)], decides: people.mayApprove(address) };
    const left = untold.get(address) ?? new Set();
    untold.set(address, left);
    for (const to of all) left.add(to);
    async function tell(to: Phone): Promise<void> {
      const isOwn = to === address;
      await messenger.tell(
        to,
        isOwn ? { kind: "paired", ...about } : { kind: "approver-added", ...about, person },
      );
      left.delete(to);
      await bindings.told(address, [...left]);
    }
    for (const to of all) {
      const told = tell(to)
        .catch((error: unknown) =>
          log.warn({ err: error }, "a phone could not be told of a new approver: the next start tries again"),
        )
        .finally(() => telling.delete(told));
      telling.add(told);
    }
  }

  return {
    tellAll,
    tellLeft() {
      for (const { address, person, untold: before } of bindings.untold) {
        // An address that is gone is nobody's.
        const all = before.filter((to) => people.personOf(to) !== undefined);
        log.warn({ phones: all.length }, "the last run had not told everybody of a new approver");
        if (all.length === 0) void bindings.told(address, []);
        tellAll(address, person, all);
      }
    },
    idle: (limitMs) => waitAtMost(limitMs, Promise.all(telling), clock),
  };
}
