// What an approval request is, how it can end, and the names that both share. Values only: no I/O, no clock.

import type { Inspection, SessionOffer } from "./inspection.ts";
import type { QuestionAnswer, Said } from "./question-answer.ts";
import type { Closed } from "./standing.ts";

/** Five letters a–z without l: short enough to type on a phone, never mistaken for a digit. */
export type ApprovalId = string & { readonly __brand: "ApprovalId" };

/** A phone number in E.164 form, e.g. `+15005550006`. */
export type Phone = string & { readonly __brand: "Phone" };

/** Which entrance a request came in by. */
export type Door = "mcp" | "hook" | "rest";

/** What the caller wants to do, exactly as it was handed over. */
export interface ToolCall {
  readonly toolName: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly toolUseId?: string;
}

/** A call that waits for a person. Times are epoch milliseconds. */
export interface ApprovalRequest {
  readonly id: ApprovalId;
  readonly call: ToolCall;
  /** How the call may be shown, and what is to be said about it. */
  readonly inspection: Inspection;
  readonly door: Door;
  /** Last part of the caller's project path; absent when the caller did not say. */
  readonly project?: string;
  /** Name of the token that the caller showed; absent without named tokens. */
  readonly requester?: string;
  /** Claude Code's session; absent where the door does not tell it. */
  readonly sessionId?: string;
  /** The session's permission mode: letters only; absent where the door does not tell it. */
  readonly permissionMode?: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  /** How many requests waited when this one came, itself included. */
  readonly waiting: number;
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

/** How a request ended. Only `approved` lets anything run. */
export type Outcome =
  | {
      readonly status: "approved";
      readonly by: Phone | "policy";
      /** The rule of the policy that allowed it. */
      readonly rule?: string;
      readonly session?: SessionOffer;
      /** Of questions: one answer for each, in their order. */
      readonly answers?: readonly QuestionAnswer[];
    }
  | { readonly status: "denied"; readonly by: Phone; readonly reason?: string }
  | { readonly status: "refused"; readonly standing: Closed }
  | { readonly status: "blocked"; readonly rule: string; readonly message?: string }
  | {
      readonly status: "limited";
      /** Which limit the caller has reached; a sentence without its subject. */
      readonly message: string;
      readonly retryAfterMs: number;
    }
  | { readonly status: "expired" }
  | {
      readonly status: "undeliverable";
      readonly code?: number;
      readonly message: string;
      readonly advice: string;
    }
  | { readonly status: "cancelled"; readonly cause: CancelCause }
  | { readonly status: "failed"; readonly message: string };

/**
 * What a person may decide about a request; `session` allows it until the caller's session ends. An answer is to the
 * question that is named, from 1, or to the one that is asked now.
 */
export type Verdict =
  | {
      readonly kind: "answer";
      readonly by: Phone;
      readonly said: Said;
      readonly question?: number;
      /** When it was sent, epoch ms; now, where that is not known. */
      readonly at?: number;
    }
  | { readonly kind: "approve" | "session"; readonly by: Phone }
  | { readonly kind: "deny"; readonly by: Phone; readonly reason?: string };

const ID_LETTERS = "abcdefghijkmnopqrstuvwxyz";
const ID_LENGTH = 5;
const ID_PATTERN = new RegExp(`^[${ID_LETTERS}]{${ID_LENGTH}}$`);

/** Whether `text` has the form of a request id (lower case only). */
export function isApprovalId(text: string): text is ApprovalId {
  return ID_PATTERN.test(text);
}

/**
 * Builds an id from random numbers.
 * @param randomInt returns a uniform integer in [0, max): `crypto.randomInt` in production.
 */
export function newApprovalId(randomInt: (max: number) => number): ApprovalId {
  let id = "";
  for (let i = 0; i < ID_LENGTH; i += 1) id += ID_LETTERS[randomInt(ID_LETTERS.length)];
  return id as ApprovalId;
}
