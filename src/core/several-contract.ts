// What one reply to several requests sets in motion, as its parts see each other.
import type { ApproverAction } from "../domain/approver-action.ts";
import type { Notice, SeveralHead } from "../domain/notice.ts";
import type { SeveralReply } from "../domain/reply-several.ts";
import type { ReplyVia } from "../domain/reply-via.ts";
import type { ApprovalId, Phone } from "../domain/tool-call.ts";
import type { Wish } from "./telling.ts";

export interface SeveralReplies {
  /** Resolves when each request is settled, or asked about; what is told of it goes on. */
  carryOut(reply: SeveralReply, from: Phone, at: number, wish: Wish, via: ReplyVia): Promise<void>;
  /** Decides each of them, and tells every approver, a line each. */
  decide(ids: readonly ApprovalId[], action: FinalAction, wish?: Wish): Promise<void>;
  /** A line for each that is not approved together with others, by that phone. */
  singly(ids: readonly ApprovalId[], by: Phone): readonly SinglyNotice[];
  /** Tells one phone, in as many messages as it takes; nothing where there are no lines. */
  list(to: Phone, lines: readonly Notice[], head?: SeveralHead, wish?: Wish): void;
}

export type SinglyNotice = Extract<Notice, { readonly kind: "singly" }>;
export type FinalAction = Exclude<ApproverAction, { readonly kind: "answer" }>;
