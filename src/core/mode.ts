// The server's mode: open, paused or stopped by panic. Kept in the store, so that a restart does not lift it.

import { type ClosedMode, modeAt, type ServiceMode } from "../domain/service-mode.ts";
import type { Phone } from "../domain/tool-call.ts";
import type { Clock } from "./ports/clock.ts";
import type { Log } from "./ports/log.ts";
import type { ModeStore } from "./ports/mode-store.ts";
import { retryWrites } from "./retry-writes.ts";

export interface ModeKeeper {
  current(): ServiceMode;
  /** Holds in memory even when it cannot be written down. */
  close(mode: ClosedMode): Promise<void>;
  open(): Promise<void>;
  /** Writes the mode down again, after the record of it was lost. */
  keep(): Promise<void>;
  /** Whether the mode is written down; until it is, it holds until the server stops. */
  isRecorded(): boolean;
  /** Calls `listener` at once whenever the mode is no longer open. */
  onClose(listener: (mode: ClosedMode) => void): void;
  /** Tries a last time to write the mode down, where it is not. No timer is left. */
  stop(): Promise<void>;
}

/** Reads the mode of the last run. @throws when the store cannot be read: then nothing must start. */
export async function createModeKeeper(store: ModeStore, clock: Clock, log: Log): Promise<ModeKeeper> {
  let mode = await store.serviceMode();
  const listeners: ((mode: ClosedMode) => void)[] = [];

  let isRecorded = true;

  async function record(): Promise<boolean> {
    if (isRecorded) return true;
    const written = mode;
    try {
      await store.setServiceMode(written);
      if (written === mode) isRecorded = true;
    } catch (error) {
      log.error(
        { err: error, mode: written.kind },
        "the mode could not be recorded; it holds until the server stops, or until it is recorded",
      );
    }
    return isRecorded;
  }

  const retry = retryWrites(clock, record);

  async function set(next: ServiceMode): Promise<void> {
    mode = next;
    isRecorded = false;
    if (!(await record())) retry.later();
  }

  return {
    current: () => modeAt(mode, clock.now()),
    close(closed) {
      const recorded = set(closed);
      for (const listener of listeners) listener(closed);
      return recorded;
    },
    open: () => set({ kind: "open" }),
    keep: () => set(mode),
    isRecorded: () => isRecorded,
    onClose: (listener) => void listeners.push(listener),
    stop: () => retry.stop(),
  };
}

/** A pause that starts at a time. @param at epoch ms */
export function pauseFor(minutes: number, by: Phone, at: number): Extract<ClosedMode, { kind: "paused" }> {
  return { kind: "paused", by, until: at + minutes * 60_000 };
}
