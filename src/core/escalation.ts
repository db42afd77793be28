// One request, or one question of it, on its way to everybody who is asked: each person on their first address, and on the next one
// when that one fails, or when nobody has answered for a while. Nobody is asked twice on one address.
import { type ChannelName, channelOf, channelsAmong } from "../domain/channel.ts";
import type { SentMessage } from "../domain/delivery.ts";
import { DeliveryError } from "../domain/errors.ts";
import type { Person } from "../domain/person.ts";
import type { Phone } from "../domain/tool-call.ts";
import type { Clock } from "./ports/clock.ts";

/** What it is about for one channel: sends to these addresses. Rejects where none of them was reached. */
type AskOn = (
  channel: ChannelName,
  to: readonly Phone[],
  told: { onSent(message: SentMessage): void; onRefused(to: Phone, error: DeliveryError): void },
) => Promise<readonly SentMessage[]>;

export interface EscalationDeps {
  readonly people: readonly Person[];
  readonly askOn: AskOn;
  /** How long nobody answers until the next address is tried, ms; 0: all at once. */
  readonly afterMs: number;
  /** Where the last question of the same request was tried: this one begins there. */
  readonly beginAt?: readonly Phone[] | undefined;
  /** What is thrown where nobody is to be asked. */
  readonly nobody: DeliveryError | undefined;
  /** Aborts when no answer is wanted any more. */
  readonly signal: AbortSignal;
  readonly onSent: (message: SentMessage) => void;
  /** The next address is tried. @param error why, where the one before has failed; absent: nobody has answered there */
  readonly onNext: (from: Phone, to: Phone, error: DeliveryError | undefined) => void;
  /** Nothing is left that could still arrive, or be tried, after something had been sent. */
  readonly onHopeless: (error: DeliveryError) => void;
  readonly clock: Clock;
}

export interface Escalation {
  /** @returns what was sent to the first addresses that took it. @throws DeliveryError where nobody was reached. */
  readonly begun: Promise<readonly SentMessage[]>;
  /** An address that was reached did not get it after all. @returns whether it is tried elsewhere, or may still arrive */
  lost(to: Phone, error: DeliveryError): boolean;
  /** Where it was tried and has not failed: what comes next about the same request begins there. */
  tried(): readonly Phone[];
  /** Those that have taken it and are not known to have lost it; until one has, those on which it is under way. */
  channels(): readonly ChannelName[];
}

interface Climb {
  readonly addresses: readonly Phone[];
  /** How many of them are tried. */
  tried: number;
}

export function escalate(deps: EscalationDeps): Escalation {
  const { people, askOn, afterMs, beginAt = [], signal, clock, onSent, onNext, onHopeless } = deps;
  const climbs = people.map(({ addresses }): Climb => {
    const first = addresses.filter((address) => beginAt.includes(address));
    const others = addresses.filter((address) => !first.includes(address));
    return { addresses: [...first, ...others], tried: Math.max(1, first.length) };
  });
  const sent: SentMessage[] = [];
  /** Where it was taken and is not known to be lost, or is under way. */
  const hopeful = new Set<Phone>();
  const underWay = new Set<Promise<void>>();
  let last = deps.nobody ?? new DeliveryError("Nobody can be asked.", "See docs/approvers.md.");
  let isBegun = false;
  let stopTimer = () => {};
  signal.addEventListener("abort", () => stopTimer(), { once: true });

  /** Sends to addresses that have not been tried, channel by channel. */
  function send(addresses: readonly Phone[]): void {
    for (const channel of channelsAmong(addresses)) {
      const to = addresses.filter((address) => channelOf(address) === channel);
      for (const each of to) hopeful.add(each);
      const work = sendOn(channel, to).finally(() => underWay.delete(work));
      underWay.add(work);
    }
  }

  async function sendOn(channel: ChannelName, to: readonly Phone[]): Promise<void> {
    const open = new Set(to);
    const refused = (address: Phone, error: DeliveryError) => {
      if (open.delete(address)) failed(address, error);
    };
    try {
      const taken = await askOn(channel, to, {
        onSent(message) {
          sent.push(message);
          onSent(message);
        },
        onRefused: refused,
      });
      for (const { to: address } of taken) open.delete(address);
      for (const address of open) refused(address, new DeliveryError("It was not sent.", "See the log."));
    } catch (error) {
      if (signal.aborted) return;
      const known = error instanceof DeliveryError ? error : unknownError(error);
      for (const address of open) refused(address, known);
    }
  }

  /** Once for each address: a part of it may be lost before the rest is refused. */
  function failed(address: Phone, error: DeliveryError): void {
    if (!hopeful.delete(address)) return;
    last = error;
    if (signal.aborted) return;
    const climb = climbs.find(({ addresses }) => addresses.includes(address));
    if (climb !== undefined) next(climb, error);
    if (isBegun && hopeful.size === 0) onHopeless(error);
  }

  function next(climb: Climb, error?: DeliveryError): void {
    const from = climb.addresses[climb.tried - 1];
    const to = climb.addresses[climb.tried];
    if (to === undefined || from === undefined) return;
    climb.tried += 1;
    onNext(from, to, error);
    send([to]);
  }

  /** Nobody has answered for a while: everybody is asked on the next address too. */
  function wait(): void {
    if (afterMs === 0 || signal.aborted) return;
    if (climbs.every(({ addresses, tried }) => tried >= addresses.length)) return;
    stopTimer = clock.after(afterMs, () => {
      for (const climb of climbs) next(climb);
      wait();
    });
  }

  async function begin(): Promise<readonly SentMessage[]> {
    signal.throwIfAborted();
    if (afterMs === 0) for (const climb of climbs) climb.tried = climb.addresses.length;
    send(climbs.flatMap(({ addresses, tried }) => addresses.slice(0, tried)));
    wait();
    while (underWay.size > 0) await Promise.all(underWay);
    signal.throwIfAborted();
    isBegun = true;
    if (hopeful.size > 0) return sent;
    stopTimer();
    throw last;
  }

  return {
    begun: begin(),
    lost(to, error) {
      failed(to, error);
      return hopeful.size > 0;
    },
    tried: () => [...hopeful],
    channels() {
      const taken = sent.map(({ to }) => to).filter((to) => hopeful.has(to));
      return channelsAmong(taken.length > 0 ? taken : [...hopeful]);
    },
  };
}

function unknownError(cause: unknown): DeliveryError {
  return new DeliveryError(
    "The message could not be sent.",
    "Look at the approval server's log.",
    undefined,
    { cause },
  );
}
