// The hook callers that wait for a phone, and how Claude Code's later events tell that the terminal was faster.
// There is no event for an answer at the terminal: a Yes shows when the tool has run, a No when the connection closes.

import { PLAN_TOOL } from "../../domain/plan.ts";
import type { ApprovalId, ToolCall } from "../../domain/tool-call.ts";
import { callOf, type Posted, turnOf } from "./call-key.ts";
import type { HookEvent } from "./hook-input.ts";

/** Denials that are remembered, to notice one that came too late. */
const MAX_DENIED = 100;

export interface WaitingCaller {
  /** Aborts with a cancel cause when the caller no longer wants an answer. */
  readonly signal: AbortSignal;
  /** The caller's connection has closed. */
  gone(): void;
  /** The caller has been handed a person's denial, or a panic's. */
  denied(id: ApprovalId): void;
  /** It no longer waits, however it ended. */
  leave(): void;
}

export interface Callers {
  enter(ask: Posted & { readonly call: ToolCall }): WaitingCaller;
  /** A tool has run, or failed. @returns the request whose denial came too late for it */
  toolEnded(event: Posted & HookEvent): ApprovalId | undefined;
  /**
   * The person has written, or Claude has stopped: nothing of that session, or that subagent, waits any longer.
   * @param goesOn the prompt whose turn goes on: what is typed while Claude works belongs to the turn that runs
   */
  turnEnded(event: Posted & HookEvent, goesOn?: string): void;
  /** The server stops. */
  close(): void;
}

interface CallerEntry {
  readonly turn: string;
  readonly call: string;
  readonly promptId: string | undefined;
  readonly controller: AbortController;
}

export function createCallers(): Callers {
  /** In the order in which they came. */
  const waiting = new Set<CallerEntry>();
  const denied = new Map<string, { readonly id: ApprovalId; readonly entry: CallerEntry }>();

  function answeredAtTerminal({ controller }: CallerEntry): void {
    controller.abort("terminal");
  }

  return {
    enter(ask) {
      const turn = turnOf(ask);
      const { promptId } = ask;
      const entry = { turn, call: callOf(turn, ask.call), promptId, controller: new AbortController() };
      waiting.add(entry);
      // The same call again: what runs next was not denied.
      denied.delete(entry.call);
      return {
        signal: entry.controller.signal,
        gone: () => answeredAtTerminal(entry),
        denied: (id) => {
          denied.set(entry.call, { id, entry });
          const [oldest] = denied.keys();
          if (denied.size > MAX_DENIED && oldest !== undefined) denied.delete(oldest);
        },
        leave: () => void waiting.delete(entry),
      };
    },
    toolEnded(event) {
      if (event.call === undefined) return undefined;
      const call = callOf(turnOf(event), event.call);
      const meant = [...waiting].filter((entry) => entry.call === call && !entry.controller.signal.aborted);
      const [first] = meant;
      // One run is one call: the same call may be waiting twice. Of several plans it is not known which one it was.
      const isCertain = event.call.toolName !== PLAN_TOOL || meant.length === 1;
      if (first !== undefined && isCertain) answeredAtTerminal(first);
      const late = denied.get(call);
      denied.delete(call);
      return late?.id;
    },
    turnEnded(event, goesOn) {
      const turn = turnOf(event);
      const isOver = (entry: CallerEntry) =>
        entry.turn === turn && (goesOn === undefined || entry.promptId !== goesOn);
      for (const entry of waiting) if (isOver(entry)) answeredAtTerminal(entry);
      for (const [call, { entry }] of denied) if (isOver(entry)) denied.delete(call);
    },
    close() {
      for (const { controller } of waiting) controller.abort("shutdown");
    },
  };
}
