// The hook callers that wait for a phone, and how Claude Code's later events tell that the terminal was faster.
// There is no event for an answer at the terminal: a Yes shows when the tool has run, a No when the connection closes.

import { createHash } from "node:crypto";
import { isQuestion } from "../../domain/question.ts";
import type { ApprovalId, ToolCall } from "../../domain/tool-call.ts";
import type { HookEvent, HookSource } from "./hook-input.ts";

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

/** Who posts: no caller can end what a session with another token waits for. */
export interface Posted extends HookSource {
  readonly requester: string | undefined;
}

export interface Callers {
  enter(ask: Posted & { readonly call: ToolCall }): WaitingCaller;
  /** A tool has run, or failed. @returns the request whose denial came too late for it */
  toolEnded(event: Posted & HookEvent): ApprovalId | undefined;
  /** The person has written, or Claude has stopped: nothing of that session, or that subagent, waits any longer. */
  turnEnded(event: Posted & HookEvent): void;
  /** The server stops. */
  close(): void;
}

interface CallerEntry {
  readonly turn: string;
  readonly call: string;
  readonly controller: AbortController;
}

export function createCallers(): Callers {
  const waiting = new Set<CallerEntry>();
  const denied = new Map<string, ApprovalId>();

  function answeredAtTerminal(isMeant: (entry: CallerEntry) => boolean): void {
    for (const entry of waiting) if (isMeant(entry)) entry.controller.abort("terminal");
  }

  return {
    enter(ask) {
      const turn = turnOf(ask);
      const entry = { turn, call: callOf(turn, ask.call), controller: new AbortController() };
      waiting.add(entry);
      // The same call again: what runs next was not denied.
      denied.delete(entry.call);
      return {
        signal: entry.controller.signal,
        gone: () => entry.controller.abort("terminal"),
        denied: (id) => {
          denied.set(entry.call, id);
          const [oldest] = denied.keys();
          if (denied.size > MAX_DENIED && oldest !== undefined) denied.delete(oldest);
        },
        leave: () => void waiting.delete(entry),
      };
    },
    toolEnded(event) {
      if (event.call === undefined) return undefined;
      const call = callOf(turnOf(event), event.call);
      answeredAtTerminal((entry) => entry.call === call);
      const late = denied.get(call);
      denied.delete(call);
      return late;
    },
    turnEnded(event) {
      const turn = turnOf(event);
      answeredAtTerminal((entry) => entry.turn === turn);
      for (const call of denied.keys()) if (call.startsWith(turn)) denied.delete(call);
    },
    close() {
      for (const { controller } of waiting) controller.abort("shutdown");
    },
  };
}

/** Identifies a session, or one subagent in it: a session's Stop comes while one of its subagents still waits. */
function turnOf({ requester, sessionId, agentId }: Posted): string {
  // Without a session nothing can be told apart: no event has that form.
  return JSON.stringify([requester ?? null, sessionId ?? null, agentId ?? null]);
}

/** Both events have the input as Claude Code has completed it, keys in one order (measured with 2.1.329). */
function callOf(turn: string, call: ToolCall): string {
  const { toolName, input } = call;
  // Questions that have been answered come back with their answers among them.
  const same = isQuestion(call) ? { questions: input["questions"] } : input;
  const hash = createHash("sha256").update(JSON.stringify([toolName, same]));
  return turn + hash.digest("hex");
}
