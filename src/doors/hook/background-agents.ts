// Which subagents have a dialog at the terminal. Those in the background, which is Claude Code's default, have none until
// the hook has answered: the terminal needs no time for itself. Those in the foreground carry an agent_id too (measured
// with 2.1.329); that a session has such ones shows when one of them has ended.

import { setMaxListeners } from "node:events";
import { type Posted, sessionOf, turnOf } from "./call-key.ts";
import type { HookEvent } from "./hook-input.ts";

/** Subagents that are remembered, and sessions. */
const MAX_REMEMBERED = 1_000;

export interface BackgroundAgents {
  /** Aborted, or aborts, when the caller is a subagent without a dialog. */
  signalFor(source: Posted): AbortSignal;
  /** Looks in an event for what it tells of subagents: the launch of one, its end, the list in a Stop. */
  noted(event: Posted & HookEvent): void;
}

export function createBackgroundAgents(): BackgroundAgents {
  const agents = new Map<string, AbortController>();
  /** Sessions that have had a subagent in the foreground. */
  const withDialogs = new Map<string, true>();

  function controllerFor(source: Posted): AbortController {
    const key = turnOf(source);
    const controller = agents.get(key) ?? newController();
    remember(agents, key, controller);
    return controller;
  }

  return {
    signalFor(source) {
      if (source.agentId === undefined) return new AbortController().signal;
      const controller = controllerFor(source);
      if (!withDialogs.has(sessionOf(source))) controller.abort();
      return controller.signal;
    },
    noted(event) {
      if (event.hadForegroundAgent) remember(withDialogs, sessionOf(event), true);
      for (const agentId of event.backgroundAgents ?? []) controllerFor({ ...event, agentId }).abort();
    },
  };
}

/** Every call of the subagent that is held back listens, until it is not; Node would warn of a leak at the eleventh. */
function newController(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}

function remember<Value>(known: Map<string, Value>, key: string, value: Value): void {
  known.set(key, value);
  const [oldest] = known.keys();
  if (known.size > MAX_REMEMBERED && oldest !== undefined) known.delete(oldest);
}
