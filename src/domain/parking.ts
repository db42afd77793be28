// A call of `claude -p` that may wait longer than Claude does: its run ends, the request stays, and an approval resumes the
// session. What is resumed, and where, is part of the request that the person reads.

/** Times are in ms. */
export interface Parking {
  /** Claude Code's id of the session: a UUID. */
  readonly sessionId: string;
  /** Where the session was started: one of TASK_DIRS, without symbolic links. */
  readonly folder: string;
  /** How long Claude itself waits. */
  readonly afterMs: number;
  /** How long the request waits in all. */
  readonly forMs: number;
  /** Since when Claude's run has ended for it, epoch ms; absent while Claude waits. */
  readonly parkedAt?: number | undefined;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const TOOL_USE_ID = /^[A-Za-z][A-Za-z0-9_-]{0,99}$/;

/** Whether it can be handed to `claude --resume`, and be nothing else there. */
export function isSessionId(text: string | undefined): text is string {
  return text !== undefined && UUID.test(text);
}

export function isToolUseId(text: string | undefined): text is string {
  return text !== undefined && TOOL_USE_ID.test(text);
}
