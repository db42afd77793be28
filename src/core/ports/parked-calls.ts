// Calls of `claude -p` that may wait longer than Claude does. Asked before each call; where it has no opinion, Claude Code goes on
// as ever, and asks at its own permission step.
import type { Submission } from "../../domain/submission.ts";

/** A call before Claude Code has looked at it. */
export interface CallAhead {
  /** With the session, and the call with its `tool_use_id`: without them there is no opinion. */
  readonly submission: Submission;
  /** The process of Claude Code, where it is known: it decides only how long to wait, and what to ask about. */
  readonly claudePid: number | undefined;
  /** Aborts when Claude Code no longer wants an answer. */
  readonly signal: AbortSignal;
  /** Resolves true once the answer was handed over in full. */
  readonly written: Promise<boolean>;
}

export type AheadAnswer =
  | { readonly kind: "no-opinion" | "allow" | "defer" }
  | { readonly kind: "deny"; readonly message: string };

export interface ParkedCalls {
  /** Never rejects. */
  ahead(call: CallAhead): Promise<AheadAnswer>;
  /** A call has run, or another one like it is made: what was allowed before is no answer to the next one. */
  passed(sessionId: string | undefined, call: Submission["call"]): void;
  /** A session's run has ended. */
  runEnded(sessionId: string): void;
}

export const NO_PARKED_CALLS: ParkedCalls = {
  ahead: async () => ({ kind: "no-opinion" }),
  passed: () => {},
  runEnded: () => {},
};
