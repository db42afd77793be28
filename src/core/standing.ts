// The server's standing: open, paused or stopped by panic. Kept in the store, so that a restart does not lift it.
import type { Phone } from "../domain/approval.ts";
import { type Closed, type Standing, standingAt } from "../domain/standing.ts";
import type { ApprovalStore, Clock, Log } from "./ports.ts";

export interface StandingKeeper {
  current(): Standing;
  /** Holds in memory even when it cannot be written down. */
  close(standing: Closed): Promise<void>;
  open(): Promise<void>;
  /** Calls `listener` at once whenever the standing is closed. */
  onClose(listener: (standing: Closed) => void): void;
}

/** Reads the standing of the last run. @throws when the store cannot be read: then nothing must start. */
export async function createStandingKeeper(
  store: ApprovalStore,
  clock: Clock,
  log: Log,
): Promise<StandingKeeper> {
  let standing = await store.standing();
  const listeners: ((standing: Closed) => void)[] = [];

  async function set(next: Standing): Promise<void> {
    standing = next;
    await store.setStanding(next).catch((error: unknown) => {
      log.error(
        { err: error, standing: next.kind },
        "the standing could not be recorded; it holds until the server stops",
      );
    });
  }

  return {
    current: () => standingAt(standing, clock.now()),
    close(closed) {
      const recorded = set(closed);
      for (const listener of listeners) listener(closed);
      return recorded;
    },
    open: () => set({ kind: "open" }),
    onClose: (listener) => void listeners.push(listener),
  };
}

/** A pause that starts at a time. @param at epoch ms */
export function pauseFor(minutes: number, by: Phone, at: number): Closed {
  return { kind: "paused", by, until: at + minutes * 60_000 };
}
