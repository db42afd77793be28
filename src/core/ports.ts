// The interfaces that let the gate and the conversation stay ignorant of Twilio, SQLite and the wall clock.
import type {
  ApprovalId,
  ApprovalRequest,
  Door,
  Outcome,
  Phone,
  Status,
  ToolCall,
} from "../domain/approval.ts";
import type { Inspection } from "../domain/inspection.ts";
import type { AskedQuestion } from "../domain/question-prompt.ts";
import type { Standing } from "../domain/standing.ts";
import type { Ended } from "./gate-contract.ts";
import type { Submission } from "./record.ts";

/** Time, as a parameter. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Runs `task` once after `delayMs`; the returned function cancels it and may be called at any time. */
  after(delayMs: number, task: () => void): () => void;
}

/** The structured log. Never pass a secret, a token or an unescaped foreign string as the message. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Looks at a call before a person does. */
export interface Inspector {
  /** @param cwd the folder that the caller works in, absolute, where it is known */
  inspect(call: ToolCall, cwd?: string): Promise<Inspection>;
}

/** What a policy says of a call; `rule` is the one that decided, as its author wrote it. */
export type PolicyDecision =
  | { readonly kind: "ask" }
  | { readonly kind: "allow"; readonly rule: string }
  | { readonly kind: "deny"; readonly rule: string; readonly message?: string };

/** Decides before anybody is asked. */
export interface Policy {
  /** @param request as it waits: its id and its inspection */
  decide(submission: Submission, request: ApprovalRequest): Promise<PolicyDecision>;
  /** Told of every request that ends, also of those that it was not asked about. */
  ended(ended: Ended): void;
}

/** Where a message stands on its way to the phone, worst and last states included. */
export type DeliveryState = "queued" | "sent" | "delivered" | "read" | "failed";

/** One outbound message that carries a request, or a part of its text, to one approver. */
export interface SentMessage {
  readonly messageId: string;
  readonly to: Phone;
  /** Only the one with the buttons tells how far the request has come; a part that is lost loses the request. */
  readonly hasButtons: boolean;
  /** The question that it asks, or belongs to, from 1. */
  readonly question?: number | undefined;
}

/** The way out to the approvers' phones. */
export interface Messenger {
  /**
   * Sends a request to every approver, or one of its questions.
   * @param signal aborts when nobody waits any more; what is still queued then is dropped.
   * @param onSent told of each message as soon as it is accepted: it may be answered before the next one is sent
   * @returns the messages that were accepted: at least one.
   * @throws DeliveryError when not one of them was accepted.
   */
  ask(
    request: ApprovalRequest,
    signal: AbortSignal,
    onSent: (message: SentMessage) => void,
    question?: AskedQuestion,
  ): Promise<readonly SentMessage[]>;
  /** Sends one plain message. @throws DeliveryError when it was not accepted. */
  tell(to: Phone, text: string): Promise<void>;
}

/** A request as the store keeps it. */
export interface StoredApproval {
  readonly id: ApprovalId;
  readonly status: Status;
  /** Epoch milliseconds; absent while pending. */
  readonly decidedAt?: number;
  readonly outcome?: Outcome;
  /** Whether the caller got the answer; absent while that is not known. */
  readonly answered?: boolean;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly door: Door;
  readonly toolName: string;
  /** With every recognised secret masked. */
  readonly shownInput: Readonly<Record<string, unknown>>;
  readonly project?: string;
  readonly requester?: string;
}

/** Which requests to list, newest first. */
export interface ListQuery {
  readonly limit: number;
  readonly statuses?: readonly Status[];
  /** Only those of this token. */
  readonly requester?: string;
  /** Only those after this one in the list. */
  readonly after?: ApprovalId;
}

/** Which request was made under a caller's own key, so that a repeat of it is not a second one. */
export interface KeyedRequest {
  /** Name of the caller's token; empty without named tokens. */
  readonly requester: string;
  readonly key: string;
  /** SHA-256, in hex, of what was asked. */
  readonly bodySha256: string;
  readonly id: ApprovalId;
  /** Epoch ms. */
  readonly at: number;
}

/** What the server remembers of a phone. Times are epoch milliseconds. */
export interface Contact {
  /** WhatsApp takes free messages for 24 h after this. */
  readonly lastInboundAt?: number | undefined;
  /** The Sandbox forgets a phone 3 days after this. */
  readonly joinedAt?: number | undefined;
}

/** The record of what was asked and decided. Every method may reject: the disk can be full. */
export interface ApprovalStore {
  /**
   * Writes a new pending request. Its input is kept as it is only while it is pending; `settle` and `cancelPending`
   * replace it by the masked form, beside the SHA-256 of the original.
   * @returns false when the id is taken.
   */
  insert(request: ApprovalRequest): Promise<boolean>;
  /** Ends a pending request: the first write wins. @returns false when it was no longer pending. */
  settle(id: ApprovalId, outcome: Outcome, at: number): Promise<boolean>;
  /** Notes whether the caller got the answer. */
  recordAnswered(id: ApprovalId, answered: boolean): Promise<void>;
  find(id: ApprovalId): Promise<StoredApproval | undefined>;
  /** Newest first. An input of more than 100,000 characters is left out: `{"omitted": "… characters"}`. */
  list(query: ListQuery): Promise<readonly StoredApproval[]>;
  /**
   * Binds a key to its request, and forgets every key from before `since`, epoch ms.
   * @returns false when the key is bound already: nothing changed.
   */
  addKey(request: KeyedRequest, since: number): Promise<boolean>;
  /** @param since epoch ms; an older key is not found */
  findKey(requester: string, key: string, since: number): Promise<KeyedRequest | undefined>;
  /** Notes which outbound messages carry a request, so that quoted replies and receipts find it. */
  addMessages(id: ApprovalId, messages: readonly SentMessage[]): Promise<void>;
  findByMessage(messageId: string): Promise<StoredApproval | undefined>;
  /** Keeps the furthest state of a message, in whatever order the receipts come in; a failure is final. */
  recordDelivery(receipt: DeliveryReceipt): Promise<void>;
  findDelivery(messageId: string): Promise<DeliveryReceipt | undefined>;
  /** Remembers an inbound message. @returns false when it was seen before. */
  firstSeen(inboundId: string, at: number): Promise<boolean>;
  /** Notes that a phone wrote at a time; keeps the latest. @param joined whether it joined the Sandbox with it. */
  recordContact(phone: Phone, at: number, joined: boolean): Promise<void>;
  contact(phone: Phone): Promise<Contact>;
  /** The standing as it was set last; `open` at first. */
  standing(): Promise<Standing>;
  setStanding(standing: Standing): Promise<void>;
  /** Ends everything still pending from an earlier run. @returns how many there were. */
  cancelPending(at: number): Promise<number>;
  close(): Promise<void>;
}

/** Why a message did not arrive, and what the operator or the person can do about it. */
export interface DeliveryFailure {
  readonly code?: number | undefined;
  readonly message: string;
  readonly advice: string;
}

/** News about an outbound message, from a status callback. */
export interface DeliveryReceipt {
  readonly messageId: string;
  readonly state: DeliveryState;
  /** With state `failed`: why. */
  readonly failure?: DeliveryFailure;
  readonly at: number;
}

/** A way for Twilio to reach the public listener. */
export interface Tunnel {
  /** `https://…`, without a trailing slash. */
  readonly url: string;
  close(): Promise<void>;
}
