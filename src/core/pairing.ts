// Binding a new address by a code: the code is shown where only the person at the machine can read it, and whoever writes it to the
// channel is bound. It works once, for ten minutes; five wrong ones end it. Only its hash is known here, so that it need never cross
// a port or a log.
import { scryptSync, timingSafeEqual } from "node:crypto";
import { CHANNEL_TITLES, channelOf, type PairedChannel } from "../domain/channel.ts";
import { phoneText } from "../domain/names.ts";
import { isApprovalId, newApprovalId } from "../domain/tool-call.ts";
import type { Bindings } from "./bindings.ts";
import type { People } from "./people.ts";
import type { StrangerMessage } from "./ports/channel.ts";
import type { Clock } from "./ports/clock.ts";
import type { Log } from "./ports/log.ts";
import type { Messenger } from "./ports/messenger.ts";
import { timeLeft } from "./timing.ts";

/** How long a code can be used, ms. */
export const PAIRING_MS = 10 * 60_000;
/** How many wrong codes end it. */
export const MAX_WRONG = 5;
const HASH_BYTES = 32;

/** What is known of a code: enough to recognise it, not enough to read it at a glance. */
export interface CodeHash {
  readonly salt: string;
  /** 64 hex digits. */
  readonly hash: string;
}

/** How one code ended. */
export type PairingEnd = "bound" | "wrong" | "late" | "replaced" | "stopped" | "failed";

interface PairingOpening {
  readonly channel: PairedChannel;
  /** Whose address it will be. */
  readonly person: string;
  readonly code: CodeHash;
}

export interface Pairing {
  /** Waits for the code on its channel; what waited there before has ended. Resolves with how it ended. Never rejects. */
  open(opening: PairingOpening): Promise<PairingEnd>;
  /** Whether a code is waited for. */
  isOpen(channel: PairedChannel): boolean;
  /** Something that was written by somebody who is not bound. Never rejects. */
  hear(message: StrangerMessage): Promise<"bound" | "ignored">;
  /** Ends what waits. */
  stop(): void;
}

export interface PairingDeps {
  readonly people: Pick<People, "toTell">;
  readonly bindings: Pick<Bindings, "bind">;
  readonly messenger: Pick<Messenger, "tell">;
  readonly clock: Clock;
  readonly log: Log;
}

interface Open extends PairingOpening {
  wrong: number;
  leftMs(): number;
  end(how: PairingEnd): void;
}

/** @param randomInt returns a uniform integer in [0, max): `crypto.randomInt` in production */
export function newPairingCode(randomInt: (max: number) => number): string {
  return newApprovalId(randomInt);
}

/** Slow on purpose: whoever sees a hash must not find its code in a moment. @param salt any text, new for each code */
export function hashOfCode(code: string, salt: string): CodeHash {
  return { salt, hash: scryptSync(code, salt, HASH_BYTES).toString("hex") };
}

export function createPairing({ people, bindings, messenger, clock, log }: PairingDeps): Pairing {
  const open = new Map<PairedChannel, Open>();

  function tell(...[to, notice]: Parameters<Messenger["tell"]>): void {
    messenger
      .tell(to, notice)
      .catch((error: unknown) => log.warn({ err: error }, "a phone could not be told of a new approver"));
  }

  return {
    open(opening) {
      const { channel } = opening;
      open.get(channel)?.end("replaced");
      return new Promise((resolve) => {
        const stopTimer = clock.after(PAIRING_MS, () => entry.end("late"));
        const entry: Open = {
          ...opening,
          wrong: 0,
          leftMs: timeLeft(PAIRING_MS, clock),
          end(how) {
            stopTimer();
            if (open.get(channel) === entry) open.delete(channel);
            resolve(how);
          },
        };
        open.set(channel, entry);
      });
    },
    isOpen: (channel) => open.has(channel),
    async hear({ from, text }) {
      const channel = channelOf(from);
      const entry = channel === "whatsapp" ? undefined : open.get(channel);
      if (channel === "whatsapp" || entry === undefined) return "ignored";
      // Timers stand still while the machine sleeps.
      if (entry.leftMs() <= 0) {
        entry.end("late");
        return "ignored";
      }
      const code = text.trim().toLowerCase();
      if (!isApprovalId(code)) return "ignored";
      if (!isCode(code, entry.code)) {
        entry.wrong += 1;
        log.warn(
          { channel, wrong: entry.wrong },
          "a wrong pairing code was written by somebody who is not bound",
        );
        if (entry.wrong >= MAX_WRONG) entry.end("wrong");
        return "ignored";
      }
      // Before anything is awaited: it works once.
      open.delete(channel);
      const before = people.toTell();
      try {
        await bindings.bind(from, entry.person);
      } catch (error) {
        log.error(
          { err: error, address: phoneText(from) },
          "a binding could not be recorded: nobody was bound",
        );
        entry.end("failed");
        return "ignored";
      }
      entry.end("bound");
      tell(from, { kind: "paired", channel: CHANNEL_TITLES[channel] });
      for (const other of before) {
        if (other !== from)
          tell(other, { kind: "approver-added", channel: CHANNEL_TITLES[channel], person: entry.person });
      }
      return "bound";
    },
    stop() {
      for (const entry of [...open.values()]) entry.end("stopped");
    },
  };
}

function isCode(code: string, { salt, hash }: CodeHash): boolean {
  const [given, known] = [hashOfCode(code, salt).hash, hash].map((text) => Buffer.from(text));
  return (
    given !== undefined &&
    known !== undefined &&
    given.length === known.length &&
    timingSafeEqual(given, known)
  );
}
