// What went to and fro between the server and the phones, for those who read the record later. Nothing is decided by it, and no
// request fails for it. Every method may reject: the disk can be full.
import type { ReplyVia } from "../../domain/reply-via.ts";
import type { ApprovalId, Phone } from "../../domain/tool-call.ts";
import type { ReplyResult } from "../reply-result.ts";

/** What a message was sent for. `part`: a piece of a call's full text. `more`: a piece that MORE asked for. */
export type MessagePurpose = "request" | "part" | "question" | "more" | "notice" | "other";

/** A message that the channel took. */
export interface MessageNote {
  readonly messageId: string;
  /** As the channel writes it. */
  readonly sender: string;
  readonly to: Phone;
  readonly purpose: MessagePurpose;
  /** The request that it is about. */
  readonly requestId?: ApprovalId | undefined;
  /** Epoch ms. */
  readonly at: number;
}

/** A reply to a request, and what became of it. Its words are kept with the outcome, where they count. */
export interface ReplyNote {
  readonly requestId: ApprovalId;
  readonly from: Phone;
  readonly said: "approve" | "session" | "deny" | "answer" | "instruct";
  readonly result: ReplyResult["kind"];
  /** When it was sent, epoch ms. */
  readonly at: number;
  /** Only the event log keeps it. */
  readonly via?: ReplyVia | undefined;
}

export interface CorrespondenceStore {
  /** Also forgets some of what is older than 180 days, so that it never grows without end. */
  noteMessage(note: MessageNote): Promise<void>;
  noteReply(note: ReplyNote): Promise<void>;
}
