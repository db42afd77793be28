// Reading the record: newest first, in steps that are each over within milliseconds, because the gate uses the same database.
// Every method may reject.
import type { Status } from "../../domain/approval.ts";
import type { DeliveryState } from "../../domain/delivery.ts";
import type { ApprovalId, Door, Phone } from "../../domain/tool-call.ts";
import type { MessagePurpose, ReplyNote } from "./correspondence-store.ts";
import type { StoredApproval } from "./request-store.ts";

/** A place in the list, newest first: what comes after this request. */
export interface RecordPlace {
  /** Epoch ms. */
  readonly createdAt: number;
  readonly id: string;
}

/** Which requests to read; what is absent does not narrow it. */
export interface RecordQuery {
  readonly statuses?: readonly Status[] | undefined;
  readonly project?: string | undefined;
  readonly toolName?: string | undefined;
  readonly door?: Door | undefined;
  /** Name of the token. */
  readonly requester?: string | undefined;
  /** Claude Code's session. */
  readonly sessionId?: string | undefined;
  /** Epoch ms, included. */
  readonly since?: number | undefined;
  /** Epoch ms, not included. */
  readonly until?: number | undefined;
  /** Words in the masked input, the tool's name or the project; or an id. An input over 100,000 bytes is not searched. */
  readonly words?: string | undefined;
}

interface RecordStep {
  readonly approvals: readonly StoredApproval[];
  /** Where to go on; absent at the end. A step may find nothing, and the next one something. */
  readonly next?: RecordPlace | undefined;
}

/** A message of a request, with what is known of its way. Times are epoch ms. */
export interface StoryMessage {
  readonly messageId: string;
  readonly to: Phone;
  readonly purpose: MessagePurpose;
  readonly takenAt?: number | undefined;
  readonly sentAt?: number | undefined;
  readonly deliveredAt?: number | undefined;
  readonly readAt?: number | undefined;
  readonly failedAt?: number | undefined;
  readonly failure?: string | undefined;
  /** The furthest state, also where no time was kept. */
  readonly state?: DeliveryState | undefined;
}

export interface Story {
  readonly approval: StoredApproval;
  readonly messages: readonly StoryMessage[];
  readonly replies: readonly ReplyNote[];
}

export interface HistoryStore {
  /**
   * One step through the record. An input of more than 100,000 characters is left out: `{"omitted": "… characters"}`.
   * @param from where to begin; undefined: at the newest
   * @param limit how many to find at most
   */
  browse(query: RecordQuery, from: RecordPlace | undefined, limit: number): Promise<RecordStep>;
  story(id: ApprovalId): Promise<Story | undefined>;
  /** How many messages of a sender the channel has taken since then. @param since epoch ms */
  countSent(sender: string, since: number): Promise<number>;
}
