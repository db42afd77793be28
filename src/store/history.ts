// Reads the record in steps, and notes what was sent and answered.
import type Database from "better-sqlite3";
import type { CorrespondenceStore } from "../core/ports/correspondence-store.ts";
import type { HistoryStore, RecordQuery, StoryMessage } from "../core/ports/history-store.ts";
import type { DeliveryReceipt, DeliveryState } from "../domain/delivery.ts";
import type { Phone } from "../domain/tool-call.ts";
import { toApproval } from "./columns.ts";
import type { EventWriter } from "./events.ts";
import type { MessageRow, prepareHistoryStatements } from "./history-statements.ts";

type HistorySql = ReturnType<typeof prepareHistoryStatements>;

/** How long messages and replies are kept, ms. */
const KEPT_MS = 180 * 24 * 60 * 60_000;
/** Rows that a step looks at: through the index alone, and where it reads inputs. */
const ROWS_A_STEP = 5_000;
const INPUTS_A_STEP = 100;
/** Later than any request. */
const NEWEST = { createdAt: Number.MAX_SAFE_INTEGER, id: "~" };

/** @param run runs what writes on the database that is open @param read runs what only reads */
export function createHistory(
  run: <T>(work: (sql: HistorySql, db: Database.Database, events: EventWriter) => T) => Promise<T>,
  read: <T>(work: (sql: HistorySql) => T) => Promise<T>,
): CorrespondenceStore & HistoryStore {
  return {
    noteMessage: (note) =>
      run((sql, db, events) =>
        db.transaction(() => {
          const { messageId, to, purpose, requestId } = note;
          sql.noteMessage.run({ ...note, requestId: requestId ?? null });
          sql.forgetMessages.run(note.at - KEPT_MS);
          sql.forgetReplies.run(note.at - KEPT_MS);
          events.append({ kind: "sent", requestId, data: { to, purpose, message: messageId } });
        })(),
      ),
    noteReply: (note) =>
      run((sql, db, events) =>
        db.transaction(() => {
          const { requestId, from, said, result, via } = note;
          sql.noteReply.run({ requestId, from, said, result, at: note.at });
          // A decision has its own entry, in the transaction of its row.
          if (result !== "decided" || said === "instruct")
            events.append({ kind: "replied", requestId, data: { from, said, result, via } });
        })(),
      ),
    countSent: (sender, since) => read((sql) => sql.countSent.get(sender, since)?.sent ?? 0),
    browse: (query, from, limit) =>
      read((sql) => {
        const start = from ?? { ...NEWEST, createdAt: query.until ?? NEWEST.createdAt };
        const place = { ...start, ...(from === undefined && query.until !== undefined ? { id: "" } : {}) };
        const since = query.since ?? 0;
        const rows = query.words === undefined ? ROWS_A_STEP : INPUTS_A_STEP;
        const end = sql.stepEnd.get({ ...place, since, rows });
        const bounds = { ...place, endAt: end?.createdAt ?? since, endId: end?.id ?? "" };
        const approvals = sql.browse.all({ ...bounds, ...filters(query), limit }).map(toApproval);
        const last = approvals.length < limit ? end : approvals.at(-1);
        if (last === undefined) return { approvals };
        return { approvals, next: { createdAt: last.createdAt, id: last.id } };
      }),
    story: (id) =>
      read((sql) => {
        const row = sql.storyRow.get(id);
        if (row === undefined) return undefined;
        const replies = sql.storyReplies.all(id).map(({ phone, said, result, at }) => ({
          requestId: id,
          from: phone as Phone,
          said: said as "approve",
          result: result as "decided",
          at,
        }));
        return { approval: toApproval(row), messages: sql.storyMessages.all({ id }).map(toMessage), replies };
      }),
  };
}

/** The times that a receipt brings, for `noteReceipt`. */
export function receiptTimes({ messageId, state, failure, at }: DeliveryReceipt) {
  const when = (wanted: DeliveryState) => (state === wanted ? at : null);
  const why = failure === undefined ? null : [failure.message, failure.advice].join(" ");
  return {
    messageId,
    at,
    sentAt: when("sent"),
    deliveredAt: when("delivered"),
    readAt: when("read"),
    failedAt: when("failed"),
    failure: why,
  };
}

function filters({ statuses, project, toolName, door, requester, sessionId, words }: RecordQuery) {
  return {
    statuses: statuses === undefined ? null : JSON.stringify(statuses),
    project: project ?? null,
    toolName: toolName ?? null,
    door: door ?? null,
    requester: requester ?? null,
    sessionId: sessionId ?? null,
    words: words ?? null,
    // Inputs are kept as JSON.
    inJson: words === undefined ? null : JSON.stringify(words).slice(1, -1),
  };
}

function toMessage(row: MessageRow): StoryMessage {
  const receipt = row.receipt === null ? undefined : (JSON.parse(row.receipt) as DeliveryReceipt);
  const failure = row.failure ?? receipt?.failure?.message;
  const known = (value: number | null) => value ?? undefined;
  return {
    messageId: row.messageId,
    to: (row.recipient ?? "") as Phone,
    // Rows of earlier versions do not say.
    purpose: (row.purpose ?? "other") as StoryMessage["purpose"],
    takenAt: known(row.takenAt),
    sentAt: known(row.sentAt),
    deliveredAt: known(row.deliveredAt),
    readAt: known(row.readAt),
    failedAt: known(row.failedAt),
    failure,
    state: receipt?.state,
  };
}
