// The SQL of what was sent and answered, and of reading the record.
import type Database from "better-sqlite3";
import { type ApprovalRow, COLUMNS, LISTED_COLUMNS } from "./columns.ts";
import { keep } from "./open-database.ts";

export interface MessageRow {
  readonly messageId: string;
  readonly recipient: string | null;
  readonly purpose: string | null;
  readonly takenAt: number | null;
  readonly sentAt: number | null;
  readonly deliveredAt: number | null;
  readonly readAt: number | null;
  readonly failedAt: number | null;
  readonly failure: string | null;
  readonly receipt: string | null;
}

interface ReplyRow {
  readonly phone: string;
  readonly said: string;
  readonly result: string;
  readonly at: number;
}

/** Rows that one note removes at most of what is too old: each brings one, so that the rest shrinks. */
const FORGOTTEN_AT_ONCE = 20;
const OLDER_THAN = "(SELECT rowid FROM";

export function prepareHistoryStatements(db: Database.Database) {
  const prepared = <P extends unknown[] | object, R = unknown>(source: string) =>
    keep(db.prepare<P, R>(source));
  return {
    noteMessage: prepared<object>(
      `INSERT INTO correspondence (message_id, noted_at, sender, recipient, purpose, approval_id, taken_at)
       VALUES (@messageId, @at, @sender, @to, @purpose, @requestId, @at)
       ON CONFLICT (message_id) DO UPDATE SET sender = excluded.sender, recipient = excluded.recipient,
         purpose = excluded.purpose, approval_id = excluded.approval_id, taken_at = excluded.taken_at`,
    ),
    // It may come before the message is noted.
    noteReceipt: prepared<object>(
      `INSERT INTO correspondence (message_id, noted_at, sent_at, delivered_at, read_at, failed_at, failure)
       VALUES (@messageId, @at, @sentAt, @deliveredAt, @readAt, @failedAt, @failure)
       ON CONFLICT (message_id) DO UPDATE SET
         sent_at = coalesce(sent_at, excluded.sent_at), delivered_at = coalesce(delivered_at, excluded.delivered_at),
         read_at = coalesce(read_at, excluded.read_at), failed_at = coalesce(failed_at, excluded.failed_at),
         failure = coalesce(failure, excluded.failure)`,
    ),
    noteReply: prepared<object>(
      `INSERT INTO replies (approval_id, phone, said, result, at) VALUES (@requestId, @from, @said, @result, @at)`,
    ),
    forgetMessages: prepared<[number]>(
      `DELETE FROM correspondence WHERE rowid IN ${OLDER_THAN} correspondence WHERE noted_at < ? LIMIT ${FORGOTTEN_AT_ONCE})`,
    ),
    forgetReplies: prepared<[number]>(
      `DELETE FROM replies WHERE rowid IN ${OLDER_THAN} replies WHERE at < ? LIMIT ${FORGOTTEN_AT_ONCE})`,
    ),
    countSent: prepared<[string, number], { sent: number }>(
      "SELECT count(*) AS sent FROM correspondence WHERE sender = ? AND taken_at >= ?",
    ),
    /** Where a step ends that looks at so many rows. */
    stepEnd: prepared<object, { createdAt: number; id: string }>(
      `SELECT created_at AS createdAt, id FROM approvals INDEXED BY approvals_by_creation
       WHERE (created_at, id) < (@createdAt, @id) AND created_at >= @since
       ORDER BY created_at DESC, id DESC LIMIT 1 OFFSET @rows - 1`,
    ),
    // Not LIKE: an input made for it takes that a tenth of a second for each row, in which no reply is heard.
    // One lower bound: with two, SQLite would go by the other one and read to the end of the record.
    browse: prepared<object, ApprovalRow>(
      `SELECT ${LISTED_COLUMNS} FROM approvals a INDEXED BY approvals_by_creation
       WHERE (a.created_at, a.id) < (@createdAt, @id) AND (a.created_at, a.id) >= (@endAt, @endId)
         AND (@statuses IS NULL OR a.status IN (SELECT value FROM json_each(@statuses)))
         AND (@project IS NULL OR a.project = @project)
         AND (@toolName IS NULL OR a.tool_name = @toolName)
         AND (@door IS NULL OR a.door = @door)
         AND (@requester IS NULL OR a.requester = @requester)
         AND (@sessionId IS NULL OR a.session_id = @sessionId)
         AND (@words IS NULL OR a.id = @words OR instr(lower(a.tool_name), lower(@words)) > 0
           OR instr(lower(a.project), lower(@words)) > 0
           OR (octet_length(a.masked_input) <= 100000 AND instr(lower(a.masked_input), lower(@inJson)) > 0))
       ORDER BY a.created_at DESC, a.id DESC LIMIT @limit`,
    ),
    storyRow: prepared<[string], ApprovalRow>(`SELECT ${COLUMNS} FROM approvals a WHERE a.id = ?`),
    storyMessages: prepared<{ id: string }, MessageRow>(
      `SELECT c.message_id AS messageId, c.recipient, c.purpose, c.taken_at AS takenAt, c.sent_at AS sentAt,
         c.delivered_at AS deliveredAt, c.read_at AS readAt, c.failed_at AS failedAt, c.failure, r.receipt
       FROM correspondence c LEFT JOIN receipts r ON r.message_id = c.message_id
       WHERE c.approval_id = @id
       UNION ALL
       SELECT m.message_id, m.recipient, NULL, NULL, NULL, NULL, NULL, NULL, NULL, r.receipt
       FROM messages m LEFT JOIN receipts r ON r.message_id = m.message_id
       WHERE m.approval_id = @id
         AND NOT EXISTS (SELECT 1 FROM correspondence c WHERE c.message_id = m.message_id AND c.approval_id = @id)
       ORDER BY 4 LIMIT 500`,
    ),
    storyReplies: prepared<[string], ReplyRow>(
      "SELECT phone, said, result, at FROM replies WHERE approval_id = ? ORDER BY at, rowid LIMIT 200",
    ),
  };
}
