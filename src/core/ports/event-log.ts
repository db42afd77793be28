// The log of events: a chain that nothing is taken out of in silence. What has a row of its own is noted by the store with that row;
// here is what has none. Every method may reject: the disk can be full.
import type { EventKind } from "../../domain/audit-event.ts";
import type { ApprovalId } from "../../domain/tool-call.ts";
import type { LogHead } from "../event-chain.ts";

export interface NewEvent {
  readonly kind: EventKind;
  readonly requestId?: ApprovalId | undefined;
  /** Nothing unmasked, and nothing secret. */
  readonly data: Readonly<Record<string, unknown>>;
}

export interface PurgeResult {
  /** Rows that were removed, or would be, by table; and files beside the database, by what they are. */
  readonly removed: Readonly<Record<string, number>>;
}

export interface EventLog {
  note(event: NewEvent): Promise<void>;
  /**
   * Notes that the phones are told today's head, which is that very note. @param day any text that stands for a day
   * @returns undefined where they were told today
   */
  claimHead(day: string): Promise<LogHead | undefined>;
  /** Whether the end of the log is still what this server wrote last. Notes it in the log where it is not. @returns what is wrong */
  checkLog(): Promise<string | undefined>;
  /** Removes what is older, except what is open. @param before epoch ms */
  purge(before: number): Promise<PurgeResult>;
}
