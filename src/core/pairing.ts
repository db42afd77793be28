// Binding a new address by a code: the code is shown where only the person at the machine can read it, and whoever writes it to the
// channel is bound. It works once, for ten minutes; five wrong ones end it. Only its hash is known here, so that it need never cross
// a port or a log. A code of a first start counts only as long as nobody at all may approve.
import { channelOf, type PairedChannel } from "../domain/channel.ts";
import { phoneText } from "../domain/names.ts";
import { isApprovalId, type Phone } from "../domain/tool-call.ts";
import type { Bindings } from "./bindings.ts";
import { type CodeHash, isCode } from "./pairing-code.ts";
import { createPairingTelling, type PairingTellingDeps } from "./pairing-telling.ts";
import type { People } from "./people.ts";
import type { StrangerMessage } from "./ports/channel.ts";
import { timeLeft } from "./timing.ts";

/** How long a code can be used, ms. */
export const PAIRING_MS = 10 * 60_000;
/** How many wrong codes end it. */
export const MAX_WRONG = 5;

/** How far the clocks of a channel and of this machine may differ, ms: what was written longer before the code is not about it. */
const CLOCKS_MS = 5 * 60_000;

/** How one code ended. `taken`: somebody may approve by now, and it was a code for the time before. */
export const PAIRING_ENDS = ["bound", "wrong", "late", "replaced", "taken", "stopped", "failed"] as const;
export type PairingEnd = (typeof PAIRING_ENDS)[number];

interface PairingOpening {
  readonly channel: PairedChannel;
  /** Whose address it will be. */
  readonly person: string;
  readonly code: CodeHash;
  /** Counts only as long as nobody at all may approve; nobody was asked for it. */
  readonly isFirst?: boolean | undefined;
  /** Aborts when nobody waits for it any longer. */
  readonly signal?: AbortSignal | undefined;
}

export interface Pairing {
  /** Waits for the code on its channel; what waited there before has ended. Resolves with how it ended. Never rejects. */
  open(opening: PairingOpening): Promise<PairingEnd>;
  /** Whether a code is waited for. */
  isOpen(channel: PairedChannel): boolean;
  /** Something that was written by somebody who is not bound. Never rejects. */
  hear(message: StrangerMessage): Promise<"bound" | "ignored">;
  /**
   * Binds an address whose code was used elsewhere, before this database was at hand, and tells everybody.
   * @returns false where it could not be recorded: then nobody is bound
   */
  adopt(from: Phone, person: string): Promise<boolean>;
  /** Tells whom an earlier run has not told of a new address: it ended, or they could not be reached. */
  tellLeft(): void;
  /** Ends what waits, and what is being written down. */
  stop(): void;
  /** Resolves once everybody was told of those who were bound, at the latest after so long, ms: a message may hang. Never rejects. */
  idle(limitMs: number): Promise<void>;
}

export interface PairingDeps extends PairingTellingDeps {
  readonly people: PairingTellingDeps["people"] & Pick<People, "toTell" | "approving">;
  readonly bindings: PairingTellingDeps["bindings"] & Pick<Bindings, "bind">;
}

interface Open extends PairingOpening {
  /** Epoch ms. */
  readonly openedAt: number;
  wrong: number;
  /** Aborts when it has ended, whatever it is at by then. */
  readonly over: AbortSignal;
  leftMs(): number;
  end(how: PairingEnd): void;
}

export function createPairing({ people, bindings, messenger, clock, log }: PairingDeps): Pairing {
  const open = new Map<PairedChannel, Open>();
  /** Those that were used, and whose binding is being written down. */
  const used = new Set<Open>();
  const { tellAll, tellLeft, idle } = createPairingTelling({ people, bindings, messenger, clock, log });

  /** @param over whoever stops it stops it until the very end: nobody was bound then. Never rejects. */
  async function record(
    from: Phone,
    person: string,
    over?: AbortSignal,
  ): Promise<Extract<PairingEnd, "bound" | "stopped" | "failed">> {
    const all = [from, ...people.toTell().filter((address) => address !== from)];
    try {
      if (!(await bindings.bind(from, person, all, over))) return "stopped";
    } catch (error) {
      log.error(
        { err: error, address: phoneText(from) },
        "a binding could not be recorded: nobody was bound",
      );
      return "failed";
    }
    tellAll(from, person, all);
    return "bound";
  }

  return {
    open(opening) {
      const { channel, signal } = opening;
      if (signal?.aborted) return Promise.resolve("stopped");
      open.get(channel)?.end("replaced");
      return new Promise((resolve) => {
        const stopTimer = clock.after(PAIRING_MS, () => entry.end("late"));
        const onGone = () => entry.end("stopped");
        const over = new AbortController();
        const entry: Open = {
          ...opening,
          over: over.signal,
          openedAt: clock.now(),
          wrong: 0,
          leftMs: timeLeft(PAIRING_MS, clock),
          end(how) {
            stopTimer();
            signal?.removeEventListener("abort", onGone);
            if (open.get(channel) === entry) open.delete(channel);
            over.abort();
            resolve(how);
          },
        };
        open.set(channel, entry);
        signal?.addEventListener("abort", onGone, { once: true });
      });
    },
    isOpen: (channel) => open.has(channel),
    async hear({ from, text, at }) {
      const channel = channelOf(from);
      const entry = channel === "whatsapp" ? undefined : open.get(channel);
      if (channel === "whatsapp" || entry === undefined) return "ignored";
      // Timers stand still while the machine sleeps.
      if (entry.leftMs() <= 0) {
        entry.end("late");
        return "ignored";
      }
      if (entry.isFirst === true && people.approving().length > 0) {
        entry.end("taken");
        return "ignored";
      }
      const code = text.trim().toLowerCase();
      // Guesses that were written beforehand would otherwise use up the tries, or be as many as anybody likes.
      if (!isApprovalId(code) || at < entry.openedAt - CLOCKS_MS) return "ignored";
      if (!isCode(code, entry.code)) {
        entry.wrong += 1;
        log.warn(
          { channel, wrong: entry.wrong },
          "a wrong pairing code was written by somebody who is not bound",
        );
        if (entry.wrong >= MAX_WRONG) entry.end("wrong");
        return "ignored";
      }
      // Before anything is awaited: it works once, and one first code of several.
      open.delete(channel);
      if (entry.isFirst === true)
        for (const other of [...open.values()]) if (other.isFirst === true) other.end("taken");
      used.add(entry);
      const how = await record(from, entry.person, entry.over);
      used.delete(entry);
      entry.end(how);
      return how === "bound" ? "bound" : "ignored";
    },
    adopt: async (from, person) => (await record(from, person)) === "bound",
    tellLeft,
    stop() {
      for (const entry of [...open.values(), ...used]) entry.end("stopped");
    },
    idle,
  };
}
