// Reading the event log without the server: in pages, oldest first. Nothing is changed.
import type { EventKind } from "../../domain/audit-event.ts";
import type { LogHead, StoredEvent } from "../event-chain.ts";

/** Which entries to read; what is absent does not narrow it. */
export interface EventQuery {
  readonly kind?: EventKind | undefined;
  readonly requestId?: string | undefined;
  /** Epoch ms, included. */
  readonly since?: number | undefined;
  /** Epoch ms, not included. */
  readonly until?: number | undefined;
  /** Of the request that an entry is about. */
  readonly project?: string | undefined;
  /** Of a decision, or of a task. */
  readonly status?: string | undefined;
  /** Who answered, or was sent something: every form of the number. */
  readonly phones?: readonly string[] | undefined;
}

/** A row of the record that is not as the log has it. */
export interface RowProblem {
  readonly requestId?: string | undefined;
  /** The entry that it contradicts. */
  readonly seq?: number | undefined;
  /** A sentence without its subject. */
  readonly problem: string;
}

export interface EventReader {
  /** @param after a seq, or 0 */
  page(query: EventQuery, after: number, limit: number): readonly StoredEvent[];
  /** Where the newest `limit` of them begin. @returns a seq to read after */
  before(query: EventQuery, limit: number): number;
  head(): (LogHead & { readonly seal: string; readonly purged: number }) | undefined;
  first(): StoredEvent | undefined;
  newest(kind: EventKind): StoredEvent | undefined;
  /** Compares every request with its entries. @param limit how many to find at most */
  rowProblems(limit: number): readonly RowProblem[];
  /** What `work` reads is the log as it is at one moment. */
  atOnce<T>(work: () => T): T;
  close(): void;
}
