// Who was bound to a channel by a code: kept under a seal that only this server can make, so that whoever can merely write to the
// database makes nobody an approver. A new key of the channel's account is a new beginning.
import { channelOf, type PairedChannel } from "../domain/channel.ts";
import { phoneText } from "../domain/names.ts";
import type { Person } from "../domain/person.ts";
import type { Phone } from "../domain/tool-call.ts";
import type { People } from "./people.ts";
import type { Binding, BindingStore } from "./ports/binding-store.ts";
import type { Clock } from "./ports/clock.ts";
import type { Log } from "./ports/log.ts";
import { isSealed, sealOf } from "./seal.ts";

type Untold = Pick<Binding, "address" | "person"> & { readonly untold: readonly Phone[] };

export interface Bindings {
  /**
   * From now on the address belongs to that person.
   * @param untold who is to be told of it: written down with it
   * @param over takes it back when it aborts meanwhile; default: nothing does
   * @returns false where it did: then nobody is bound
   * @throws where it cannot be written down: then nobody is bound either
   */
  bind(
    address: Phone,
    person: string,
    untold?: readonly Phone[] | undefined,
    over?: AbortSignal,
  ): Promise<boolean>;
  /** Those of earlier runs of whom somebody was not told. */
  readonly untold: readonly Untold[];
  /** Never rejects: whoever was told is told once more by the next start then. @param left who still has to be */
  told(address: Phone, left: readonly Phone[]): Promise<void>;
  /** @param why words of ours */
  unbind(address: Phone, why: string): Promise<void>;
}

export interface BindingsDeps {
  readonly people: Pick<People, "all" | "bind" | "unbind" | "whyNotTheirs">;
  readonly store: BindingStore;
  /** The key or token of each channel that is used. */
  readonly secretOf: (channel: PairedChannel) => string | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

/** Binds whom earlier runs have bound. Never rejects: what cannot be read is not bound. */
export async function openBindings({ people, store, secretOf, clock, log }: BindingsDeps): Promise<Bindings> {
  const secrets = (address: Phone): string[] => {
    const channel = channelOf(address);
    const secret = channel === "whatsapp" ? undefined : secretOf(channel);
    return secret === undefined ? [] : [secret];
  };
  const roleOf = (person: string) => people.all().find(({ name }) => name === person)?.role ?? "approve";

  function whyUncounted(
    address: Phone,
    person: string,
    seal: string,
    channel: PairedChannel,
    known: readonly string[],
  ): string | undefined {
    const isSealedFor = (role: Person["role"]) => isSealed(known, sealedText(address, person, role), seal);
    const role = roleOf(person);
    if (!isSealedFor(role))
      return isSealedFor(role === "notify" ? "approve" : "notify")
        ? "a chat was bound while its person had the other role, and does not count: pair again"
        : "a binding in the database was not made with this channel's key and does not count: pair again";
    const problem = people.whyNotTheirs(person, channel);
    return problem === undefined
      ? undefined
      : `a chat is bound to somebody else and does not count. ${problem}`;
  }

  const rows = await store.bindings().catch((error: unknown) => {
    log.error({ err: error }, "who is bound could not be read: nobody is");
    return [];
  });
  const left: Untold[] = [];
  for (const { address, person, seal, untold = [] } of rows) {
    const [known, channel] = [secrets(address), channelOf(address)];
    if (known.length === 0 || channel === "whatsapp") continue;
    const problem = whyUncounted(address, person, seal, channel, known);
    if (problem !== undefined) {
      log.warn({ address: phoneText(address) }, problem);
      continue;
    }
    people.bind(address, person);
    if (untold.length > 0) left.push({ address, person, untold });
  }

  async function forget(address: Phone, why: string): Promise<void> {
    await store.forgetBinding(address, why).catch((error: unknown) => {
      log.error(
        { err: error, address: phoneText(address) },
        "a binding could not be taken out of the record: from the next start on it counts again",
      );
    });
  }

  return {
    untold: left,
    async told(address, still) {
      await store.keepUntold(address, still).catch((error: unknown) => {
        log.warn({ err: error }, "that somebody was told of a new approver could not be recorded");
      });
    },
    async bind(address, person, untold, over) {
      if (over?.aborted) return false;
      const channel = channelOf(address);
      const problem = channel === "whatsapp" ? undefined : people.whyNotTheirs(person, channel);
      if (problem !== undefined) throw new Error(problem);
      const role = roleOf(person);
      const seal = sealOf(secrets(address), sealedText(address, person, role));
      let taken: Promise<void> | undefined;
      // At once: with what is written down of a PANIC it is one write, and a crash leaves both or none.
      const takeBack = () => {
        taken = forget(address, "it was stopped while it was written down");
      };
      over?.addEventListener("abort", takeBack, { once: true });
      try {
        await store.keepBinding({ address, person, seal, boundAt: clock.now(), untold });
      } catch (error) {
        over?.removeEventListener("abort", takeBack);
        throw error;
      }
      // Nothing comes between this and the binding.
      over?.removeEventListener("abort", takeBack);
      if (taken !== undefined) {
        await taken;
        return false;
      }
      people.bind(address, person);
      const may = role === "approve" ? "may approve" : "is told of requests";
      log.info({ address: phoneText(address), person }, `a new address ${may}`);
      return true;
    },
    async unbind(address, why) {
      people.unbind(address);
      log.warn({ address: phoneText(address), why }, "an address may no longer approve");
      await forget(address, why);
    },
  };
}

/** With the role: who was bound to be told decides nothing, whatever becomes of their name. */
function sealedText(address: Phone, person: string, role: Person["role"]): string {
  return `${role === "approve" ? "bound address" : "bound address, only told"}\n${address}\n${person}`;
}
