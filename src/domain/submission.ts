// A call as a door hands it in, with what the door knows of its caller.
import type { Parking } from "./parking.ts";
import type { Door, Executor, Phone, ToolCall } from "./tool-call.ts";

/** A call that wants to be approved. */
export interface Submission {
  readonly call: ToolCall;
  readonly door: Door;
  readonly project?: string | undefined;
  /** Of a question about several requests: whose they are, each once, "" where one names none. For show: who is asked goes by `project`. */
  readonly projects?: readonly string[] | undefined;
  /** The folder that the caller works in, absolute, where it said so. */
  readonly cwd?: string | undefined;
  /** The folder that Claude Code was started in, where that is known beside `cwd`, which moves with `cd`. */
  readonly startedIn?: string | undefined;
  /** Holds the deadline below the caller's own limit, ms. */
  readonly maxWaitMs?: number | undefined;
  /** Name of the token that the caller showed, where it has one. */
  readonly requester?: string | undefined;
  /** Claude Code's session, where it is known. */
  readonly sessionId?: string | undefined;
  /** The session's permission mode, where it is known: letters only. */
  readonly permissionMode?: string | undefined;
  /** Where the MCP server of the call's tool was set up, where that is known: `project`, `plugin`, `user`. */
  readonly mcpSource?: string | undefined;
  /** Which of several hooks of ours in one session has brought the call; absent for the one of `hooks install`. */
  readonly hookOf?: string | undefined;
  /** The kind of subagent that calls, where one does: foreign text. */
  readonly agent?: string | undefined;
  /** The last thing that Claude said before the call, where it is known and wanted: foreign, secrets masked. */
  readonly said?: string | undefined;
  /** What the door knows that the person should notice; safe to show. With one, nothing is allowed without a person. */
  readonly warnings?: readonly string[] | undefined;
  /** A person decides: neither a policy's allow nor a grant counts. */
  readonly asksAlways?: boolean | undefined;
  /**
   * Whose proven words have asked for exactly this: then nobody is asked once more. The policy's rules that deny, the modes and
   * the limits count as ever. No door sets it.
   */
  readonly approvedBy?: Phone | undefined;
  /** How many people must approve it where it carries a warning: the gate asks the policy. No door sets it. */
  readonly quorum?: number | undefined;
  /** Where fewer people are there than the policy asks for, those are enough: it is how another one gets there. */
  readonly fewAreEnough?: boolean | undefined;
  /** Who runs it once it is approved; absent where the caller does. */
  readonly executor?: Executor | undefined;
  /** How it may wait on without its caller: for that long, whatever the limit of other requests is. */
  readonly parking?: Parking | undefined;
  /** When the call came in, by the clock that is never set, ms, where that is earlier than now. */
  readonly receivedAt?: number | undefined;
}
