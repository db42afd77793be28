// The turns that are under way, in memory: what stops them, and who waits for their end.
import type { TaskSession } from "../core/ports/task-store.ts";
import { deferred } from "../core/timing.ts";
import { type SessionStatus, taskRequester } from "../domain/task.ts";
import type { StopCause } from "./contract.ts";

/** A session with a turn that is this caller's alone. */
export interface HeldTurn {
  readonly session: TaskSession;
  /** Where the session stood before; absent for its first turn. */
  readonly before?: SessionStatus | undefined;
  readonly text: string;
  /** The text, masked. `session.task` is what the turn before was told. */
  readonly task: string;
  /** Aborts with a StopCause. */
  readonly signal: AbortSignal;
}

interface Live {
  readonly held: HeldTurn;
  readonly controller: AbortController;
  readonly ended: Promise<void>;
  /** Settles `ended`. */
  end(): void;
}

interface LiveTurns {
  hold(turn: Omit<HeldTurn, "signal">): HeldTurn;
  has(id: string): boolean;
  count(): number;
  /** The session whose task asks under this name. */
  byRequester(requester: string | undefined): TaskSession | undefined;
  /** @returns false where nothing of it is under way, or it is being stopped already */
  stop(id: string, cause: StopCause): boolean;
  stopAll(cause: StopCause): void;
  /** Those that a task has started end with it. */
  stopChildren(id: string): void;
  /** Resolves once nothing of it is under way. */
  ended(id: string): Promise<void>;
  allEnded(): Promise<void>;
  release(held: HeldTurn): void;
}

export function createLiveTurns(): LiveTurns {
  const live = new Map<string, Live>();

  function stop(id: string, cause: StopCause): boolean {
    const found = live.get(id);
    if (found === undefined || found.controller.signal.aborted) return false;
    found.controller.abort(cause);
    return true;
  }

  return {
    hold(turn) {
      const { session } = turn;
      const controller = new AbortController();
      const held: HeldTurn = { ...turn, signal: controller.signal };
      const { promise, resolve } = deferred<void>();
      live.set(session.id, { held, controller, ended: promise, end: () => resolve() });
      return held;
    },
    has: (id) => live.has(id),
    count: () => live.size,
    byRequester: (requester) =>
      [...live.values()].find(({ held }) => taskRequester(held.session.number) === requester)?.held.session,
    stop,
    stopAll(cause) {
      for (const id of live.keys()) stop(id, cause);
    },
    stopChildren(id) {
      for (const { held } of live.values())
        if (held.session.parent === id) stop(held.session.id, "cancelled");
    },
    ended: async (id) => live.get(id)?.ended,
    allEnded: async () => void (await Promise.all([...live.values()].map(({ ended }) => ended))),
    release(held) {
      const entry = live.get(held.session.id);
      if (entry?.held !== held) return;
      live.delete(held.session.id);
      entry.end();
    },
  };
}
