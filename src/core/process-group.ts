// Ends a program with all that it has started: whoever starts one makes it the leader of a process group.
import type { Clock } from "./ports/clock.ts";
import type { SendSignal } from "./ports/processes.ts";

/** @param leader of the group; on Windows, which has none, it alone gets the signal. Never throws: it may be gone. */
export function signalGroup(leader: number, signal: "SIGTERM" | "SIGKILL", send: SendSignal): void {
  try {
    send(process.platform === "win32" ? leader : -leader, signal);
  } catch {
    // Nobody is left.
  }
}

interface EndGroupDeps {
  readonly send: SendSignal;
  readonly clock: Clock;
  /** By force. Default: the group is killed. Must not throw. */
  readonly kill?: () => void;
}

/** Asks a group to end, and ends it by force after a while, ms. @returns to be called once it has ended */
export function endGroup(leader: number, graceMs: number, deps: EndGroupDeps): () => void {
  const { send, clock, kill = () => signalGroup(leader, "SIGKILL", send) } = deps;
  signalGroup(leader, "SIGTERM", send);
  return clock.after(graceMs, kill);
}
