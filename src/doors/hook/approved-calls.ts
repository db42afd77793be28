// What became of the calls that a phone has approved. That the answer's bytes have left proves nothing at this door: a rule
// or a safety check may overrule it. Only PostToolUse and PostToolUseFailure prove that a call ran.

import type { ApprovalId, ToolCall } from "../../domain/tool-call.ts";
import { callOf, type Posted, sessionOf, turnOf } from "./call-key.ts";
import type { HookEvent } from "./hook-input.ts";

/** Approvals that are followed at the same time. */
const MAX_FOLLOWED = 200;
/** Claude Code runs these one after another: one that asks again has not run before (measured with 2.1.329). */
const ONE_AT_A_TIME = /^(Bash|PowerShell|Write|Edit|MultiEdit|NotebookEdit|ExitPlanMode|AskUserQuestion)$/;
/** Their input is the same when they ask and when they have run; of the others that is not known. */
const SAME_INPUT =
  /^(Bash|PowerShell|Write|Edit|MultiEdit|WebFetch|Monitor|ExitPlanMode|AskUserQuestion|mcp__.*)$/s;

/** An approval of a call that Claude Code has not run. */
export interface NotRun {
  readonly id: ApprovalId;
  readonly toolName: string;
}

export interface ApprovedCalls {
  /** The approval is about to leave. @returns forgets it: it could not be handed over */
  approved(ask: Posted & { readonly call: ToolCall }, id: ApprovalId): () => void;
  /** A call asks. @returns its earlier approvals that came to nothing */
  asked(ask: Posted & { readonly call: ToolCall }): readonly NotRun[];
  /** A tool has run, or failed. */
  ran(event: Posted & HookEvent): void;
  /** @param goesOn as in callers.ts. @returns the approvals of that turn without a run */
  turnEnded(event: Posted & HookEvent, goesOn?: string): readonly NotRun[];
  /** The same for a whole session, its subagents included. */
  sessionEnded(event: Posted & HookEvent): readonly NotRun[];
  /** Nothing of that session can be known any longer. */
  forget(event: Posted & HookEvent): void;
}

interface Followed extends NotRun {
  readonly session: string;
  readonly turn: string;
  readonly call: string;
  readonly promptId: string | undefined;
}

export function createApprovedCalls(): ApprovedCalls {
  /** In the order in which they were approved. */
  const open = new Set<Followed>();

  function take(isMeant: (entry: Followed) => boolean): readonly NotRun[] {
    const meant = [...open].filter(isMeant);
    for (const entry of meant) open.delete(entry);
    // Two hooks of ours in one session bring one request.
    return [...new Map(meant.map(({ id, toolName }) => [id, { id, toolName }])).values()];
  }

  return {
    approved(ask, id) {
      // No event tells of a call without a session: whether it ran cannot be known.
      if (ask.sessionId === undefined) return () => {};
      const turn = turnOf(ask);
      const { promptId, call } = ask;
      const { toolName } = call;
      const entry = { id, toolName, session: sessionOf(ask), turn, call: callOf(turn, call), promptId };
      open.add(entry);
      const [oldest] = open;
      if (open.size > MAX_FOLLOWED && oldest !== undefined) open.delete(oldest);
      return () => void open.delete(entry);
    },
    asked(ask) {
      if (!ONE_AT_A_TIME.test(ask.call.toolName)) return [];
      const call = callOf(turnOf(ask), ask.call);
      return take((entry) => entry.call === call);
    },
    ran(event) {
      if (event.call === undefined) return;
      const turn = turnOf(event);
      const call = callOf(turn, event.call);
      const { toolName } = event.call;
      const exact = [...open].find((entry) => entry.call === call);
      const likely = SAME_INPUT.test(toolName)
        ? undefined
        : [...open].find((entry) => entry.turn === turn && entry.toolName === toolName);
      const ran = exact ?? likely;
      if (ran !== undefined) take(({ id }) => id === ran.id);
    },
    turnEnded(event, goesOn) {
      const turn = turnOf(event);
      return take((entry) => entry.turn === turn && (goesOn === undefined || entry.promptId !== goesOn));
    },
    sessionEnded(event) {
      const session = sessionOf(event);
      return take((entry) => entry.session === session);
    },
    forget(event) {
      const session = sessionOf(event);
      take((entry) => entry.session === session);
    },
  };
}
