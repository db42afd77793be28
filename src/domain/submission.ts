// A call as a door hands it in, with what the door knows of its caller.
import type { Door, ToolCall } from "./tool-call.ts";

/** A call that wants to be approved. */
export interface Submission {
  readonly call: ToolCall;
  readonly door: Door;
  readonly project?: string;
  /** The folder that the caller works in, absolute, where it said so. */
  readonly cwd?: string;
  /** The folder that Claude Code was started in, where that is known beside `cwd`, which moves with `cd`. */
  readonly startedIn?: string;
  /** Holds the deadline below the caller's own limit, ms. */
  readonly maxWaitMs?: number;
  /** Name of the token that the caller showed, where it has one. */
  readonly requester?: string;
  /** Claude Code's session, where it is known. */
  readonly sessionId?: string;
  /** The session's permission mode, where it is known: letters only. */
  readonly permissionMode?: string;
  /** When the call came in, epoch ms, where that is earlier than now. */
  readonly receivedAt?: number;
}
