// The simulated Agent Platform, as tests and the server use it: a small server with one agent and the one person who may write to it.
import type { Clock } from "../../core/ports/clock.ts";

export type PlatformEndpoint = "messages" | "updates" | "statuses" | "media";

/** What can be otherwise on the real platform, or is not known. May be changed at any moment. */
export interface PlatformSwitches {
  /** Whether a message that is marked as read is gone from later polls. */
  forgetsRead: boolean;
  /** Of a 429: the platform sends no Retry-After. */
  retryAfterSeconds: number | undefined;
  /** How a poll without news ends: 204, or 200 with an empty body. */
  idleStatus: 200 | 204;
  /** What marking a message as read is answered with that the agent did not receive. */
  foreignRead: 400 | 403;
  /** Whether a poll names who has written, and with which name. */
  contacts: "named" | "nameless" | "absent";
  /** What becomes of a message that was taken; `late`: when `releaseReceipts` is called. */
  receipts: "delivered" | "read" | "none" | "late" | "twice" | "reversed";
  /** Whether the calls of a minute are counted. */
  hasLimits: boolean;
}

/** How the next call of a kind goes wrong. */
export interface PlatformFault {
  /** Default: the connection is reset. */
  readonly status?: number | undefined;
  readonly code?: number | undefined;
  /** Whether the message is taken all the same. */
  readonly isTaken?: boolean | undefined;
  /** What is answered instead of the platform's own words. */
  readonly body?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** This one does not go wrong. */
  readonly isNone?: boolean | undefined;
  /** Nothing is answered, and the connection stays. */
  readonly hangs?: boolean | undefined;
}

/** A message of the chat. */
export interface PlatformMessage {
  readonly id: string;
  readonly by: "agent" | "person";
  readonly type: string;
  /** The text, or the caption. */
  readonly text: string;
  readonly quote?: string | undefined;
  /** A document's name and content. */
  readonly file?: { readonly name: string; readonly text: string } | undefined;
  readonly state: "taken" | "delivered" | "read";
  /** Signs beside it, of the person. */
  readonly reaction?: string | undefined;
  /** Whether the agent was last seen typing in answer to it. */
  readonly isTyping?: boolean | undefined;
  /** Epoch ms. */
  readonly at: number;
}

export interface PlatformOptions {
  readonly key: string;
  readonly clock: Clock;
  /** Default: any that is free. */
  readonly port?: number | undefined;
  /** The id of who made the agent. */
  readonly user?: string | undefined;
  /** What its messages are counted from, so that no id of an earlier run comes again. Default: 0. */
  readonly idsFrom?: number | undefined;
  /** The number of the first entry. Default: one that no number of JavaScript holds. */
  readonly firstOffset?: bigint | undefined;
  readonly switches?: Partial<PlatformSwitches> | undefined;
}

export interface WriteOptions {
  /** What else the platform tells of it, `{ forwarded: true }`. */
  readonly context?: Readonly<Record<string, unknown>> | undefined;
  /** The id of the message that it is in reply to. */
  readonly quote?: string | undefined;
  /** Default: the person. */
  readonly from?: string | undefined;
  /** Epoch ms. Default: now. */
  readonly at?: number | undefined;
}

/** One call that came in. */
export interface PlatformCall {
  readonly endpoint: PlatformEndpoint;
  /** Epoch ms. */
  readonly at: number;
  readonly query: string;
  readonly body: string;
}

export interface AgentPlatform {
  /** Its origin. */
  readonly url: string;
  readonly switches: PlatformSwitches;
  /** @returns the message's id */
  write(text: string, options?: WriteOptions): string;
  /** A message of any type, also of none that is known. @param payload stands under the type's name */
  deliver(type: string, payload: object, options?: WriteOptions): string;
  /** @param emoji empty: it is taken back @returns the id of the reaction */
  react(messageId: string, emoji: string, options?: Pick<WriteOptions, "from">): string;
  /** The person opens the chat, or sees one message of it. */
  read(messageId?: string): void;
  chat(): readonly PlatformMessage[];
  onChange(listener: () => void): () => void;
  /** A receipt of any message, also of one that nobody knows. @param at epoch ms. Default: now */
  receipt(messageId: string, status: string, at?: number): void;
  releaseReceipts(): void;
  /** Faults are taken one after another, one for each call. */
  fail(endpoint: PlatformEndpoint, ...faults: readonly PlatformFault[]): void;
  /** The old key holds no longer. */
  rotateKey(key: string): void;
  /** The person has another number now: another id. */
  changeUser(user: string): void;
  calls(endpoint?: PlatformEndpoint): readonly PlatformCall[];
  /** The most messages that were under way at one moment. */
  mostAtOnce(): number;
  /** Polls that are held now. */
  openPolls(): number;
  close(): Promise<void>;
}
