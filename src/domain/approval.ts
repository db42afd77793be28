// What an approval request is, how it can end, and the names that both share. Values only: no I/O, no clock.

import type { ChannelName } from "./channel.ts";
import type { SessionOffer } from "./grant.ts";
import type { Inspection } from "./inspection.ts";
import type { Parking } from "./parking.ts";
import type { QuestionAnswer } from "./question-answer.ts";
import type { ReplyVia } from "./reply-via.ts";
import type { ClosedMode } from "./service-mode.ts";
import type { ApprovalId, Door, Executor, Phone, ToolCall } from "./tool-call.ts";

/** A call that waits for a person. Times are epoch milliseconds. */
export interface ApprovalRequest {
  readonly id: ApprovalId;
  readonly call: ToolCall;
  /** How the call may be shown, and what is to be said about it. */
  readonly inspection: Inspection;
  readonly door: Door;
  /** Last part of the caller's project path; absent when the caller did not say. */
  readonly project?: string | undefined;
  /** As in `Submission`. */
  readonly projects?: readonly string[] | undefined;
  /** Name of the token that the caller showed; absent without named tokens. */
  readonly requester?: string | undefined;
  /** Claude Code's session; absent where the door does not tell it. */
  readonly sessionId?: string | undefined;
  /** The session's permission mode: letters only; absent where the door does not tell it. */
  readonly permissionMode?: string | undefined;
  /** The kind of subagent that calls, where one does: foreign text. */
  readonly agent?: string | undefined;
  /** What Claude said before the call: foreign text, secrets masked; absent where it is not known. */
  readonly said?: string | undefined;
  /** What a tap on Session would allow; absent where that is not offered. */
  readonly session?: SessionOffer | undefined;
  /** Where the MCP server of the call's tool was set up: letters and hyphens; absent where the door does not tell it. */
  readonly mcpSource?: string | undefined;
  /** Who runs it once it is approved; absent where the caller does. */
  readonly executor?: Executor | undefined;
  /** How it waits on without Claude; absent where it cannot. */
  readonly parking?: Parking | undefined;
  readonly createdAt: number;
  readonly expiresAt: number;
  /** How many requests waited when this one came, itself included. */
  readonly waiting: number;
  /** How many people must approve it where it carries a warning; absent where one is enough. */
  readonly quorum?: number | undefined;
}

/** What became of a call that the server itself has run. Times are epoch ms. */
export interface RunNote {
  readonly startedAt: number;
  /** Absent while it runs, and for ever when the server ended before it did. */
  readonly endedAt?: number | undefined;
  readonly ok?: boolean | undefined;
  /** How it failed, where it did. Foreign. */
  readonly problem?: string | undefined;
}

export type Status =
  | "pending"
  | "approved"
  | "denied"
  | "refused"
  | "blocked"
  | "limited"
  | "expired"
  | "undeliverable"
  | "cancelled"
  | "failed";

/** Why a request was withdrawn before anybody answered. */
export type CancelCause = (typeof CANCEL_CAUSES)[number];

const CANCEL_CAUSES = ["disconnected", "shutdown", "restart", "terminal", "withdrawn"] as const;

export function isCancelCause(value: unknown): value is CancelCause {
  return CANCEL_CAUSES.some((cause) => cause === value);
}

/** One of several people who have approved a request. */
export interface Endorser {
  readonly by: Phone;
  readonly name?: string | undefined;
  readonly via?: ReplyVia | undefined;
  /** Epoch ms. */
  readonly at?: number | undefined;
}

export interface Approved {
  readonly status: "approved";
  readonly by: Phone | "policy" | "grant";
  /** As messages call that person, where they have a name. */
  readonly name?: string | undefined;
  /** Who has approved it before, where several people had to: each another one. */
  readonly alsoBy?: readonly Endorser[] | undefined;
  /** The rule of the policy that allowed it. */
  readonly rule?: string | undefined;
  /** The grant that allowed it: the id of the request that it was given with. */
  readonly grant?: ApprovalId | undefined;
  /** The grant that was given with it. Rows of earlier versions have a rule for Claude Code here. */
  readonly session?: SessionOffer | undefined;
  /** The answers to questions: one for each, in their order. */
  readonly answers?: readonly QuestionAnswer[] | undefined;
  readonly via?: ReplyVia | undefined;
}

/** How a request ended. Only `approved` lets anything run. */
export type Outcome =
  | Approved
  | {
      readonly status: "denied";
      readonly by: Phone;
      readonly name?: string | undefined;
      readonly reason?: string | undefined;
      readonly via?: ReplyVia | undefined;
    }
  | { readonly status: "refused"; readonly mode: ClosedMode }
  | { readonly status: "blocked"; readonly rule: string; readonly message?: string | undefined }
  | {
      readonly status: "limited";
      /** Which limit the caller has reached; a sentence without its subject. */
      readonly message: string;
      readonly retryAfterMs: number;
    }
  | {
      readonly status: "expired";
      /** How far its message had come, where that was not as far as a phone. */
      readonly reach?: "unsent" | "undelivered" | undefined;
      /** Who had approved it, where several people had to and too few did. */
      readonly short?: readonly Endorser[] | undefined;
    }
  | {
      readonly status: "undeliverable";
      readonly code?: number | undefined;
      /** Whose code it is. Absent: Twilio's. */
      readonly channel?: ChannelName | undefined;
      readonly message: string;
      readonly advice: string;
    }
  | { readonly status: "cancelled"; readonly cause: CancelCause }
  | { readonly status: "failed"; readonly message: string };
