// The approval store over SQLite. Every decision is one conditional UPDATE; its row count tells who won.
import type Database from "better-sqlite3";
import type { ApprovalStore, DeliveryReceipt, StoredApproval } from "../core/ports.ts";
import { RECEIPT_RANK } from "../core/receipts.ts";
import type { ApprovalId, Outcome, Status } from "../domain/approval.ts";
import { openDatabase } from "./open-database.ts";

interface ApprovalRow {
  readonly id: string;
  readonly status: string;
  readonly created_at: number;
  readonly expires_at: number;
  readonly decided_at: number | null;
  readonly outcome: string | null;
  readonly answered: number | null;
}

const RESTART: Outcome = { status: "cancelled", cause: "restart" };

/** Opens the store. @throws ConfigError when the file cannot be used. */
export function createSqliteStore(path: string): ApprovalStore {
  const db = openDatabase(path);
  const sql = prepare(db);
  // The driver is synchronous: wrapping it turns a throw into a rejection, as the port promises.
  const run = async <T>(work: () => T): Promise<T> => work();

  return {
    insert: ({ id, call, door, project, createdAt, expiresAt }) =>
      run(() => {
        const written = sql.insert.run({
          id,
          door,
          project: project ?? null,
          toolName: call.toolName,
          toolUseId: call.toolUseId ?? null,
          input: JSON.stringify(call.input),
          createdAt,
          expiresAt,
        });
        return written.changes === 1;
      }),
    settle: (id, outcome, at) =>
      run(() => sql.settle.run(outcome.status, JSON.stringify(outcome), at, id).changes === 1),
    recordAnswered: (id, answered) => run(() => void sql.answered.run(answered ? 1 : 0, id)),
    find: (id) => run(() => toApproval(sql.find.get(id))),
    addMessages: (id, messages) =>
      run(() =>
        db.transaction(() => {
          for (const { messageId, to } of messages) sql.addMessage.run(messageId, id, to);
        })(),
      ),
    findByMessage: (messageId) => run(() => toApproval(sql.findByMessage.get(messageId))),
    recordDelivery: (receipt) =>
      run(
        () =>
          void sql.recordDelivery.run(
            receipt.messageId,
            RECEIPT_RANK[receipt.state],
            JSON.stringify(receipt),
          ),
      ),
    findDelivery: (messageId) =>
      run(() => {
        const row = sql.findDelivery.get(messageId);
        return row === undefined ? undefined : (JSON.parse(row.receipt) as DeliveryReceipt);
      }),
    firstSeen: (inboundId, at) => run(() => sql.firstSeen.run(inboundId, at).changes === 1),
    cancelPending: (at) => run(() => sql.cancelPending.run(JSON.stringify(RESTART), at).changes),
    close: () => run(() => void db.close()),
  };
}

function prepare(db: Database.Database) {
  const columns = "a.id, a.status, a.created_at, a.expires_at, a.decided_at, a.outcome, a.answered";
  return {
    insert: db.prepare<object>(
      `INSERT INTO approvals (id, status, door, project, tool_name, tool_use_id, input, created_at, expires_at)
       VALUES (@id, 'pending', @door, @project, @toolName, @toolUseId, @input, @createdAt, @expiresAt)
       ON CONFLICT (id) DO NOTHING`,
    ),
    settle: db.prepare<[string, string, number, string]>(
      "UPDATE approvals SET status = ?, outcome = ?, decided_at = ? WHERE id = ? AND status = 'pending'",
    ),
    answered: db.prepare<[number, string]>("UPDATE approvals SET answered = ? WHERE id = ?"),
    find: db.prepare<[string], ApprovalRow>(`SELECT ${columns} FROM approvals a WHERE a.id = ?`),
    addMessage: db.prepare<[string, string, string]>(
      "INSERT INTO messages (message_id, approval_id, recipient) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
    ),
    findByMessage: db.prepare<[string], ApprovalRow>(
      `SELECT ${columns} FROM messages m JOIN approvals a ON a.id = m.approval_id WHERE m.message_id = ?`,
    ),
    recordDelivery: db.prepare<[string, number, string]>(
      `INSERT INTO receipts (message_id, rank, receipt) VALUES (?, ?, ?)
       ON CONFLICT (message_id) DO UPDATE SET rank = excluded.rank, receipt = excluded.receipt
       WHERE excluded.rank > receipts.rank`,
    ),
    findDelivery: db.prepare<[string], { receipt: string }>(
      "SELECT receipt FROM receipts WHERE message_id = ?",
    ),
    firstSeen: db.prepare<[string, number]>(
      "INSERT INTO inbound (id, seen_at) VALUES (?, ?) ON CONFLICT (id) DO NOTHING",
    ),
    cancelPending: db.prepare<[string, number]>(
      "UPDATE approvals SET status = 'cancelled', outcome = ?, decided_at = ? WHERE status = 'pending'",
    ),
  };
}

function toApproval(row: ApprovalRow | undefined): StoredApproval | undefined {
  if (row === undefined) return undefined;
  return {
    id: row.id as ApprovalId,
    status: row.status as Status,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    ...(row.decided_at === null ? {} : { decidedAt: row.decided_at }),
    ...(row.outcome === null ? {} : { outcome: JSON.parse(row.outcome) as Outcome }),
    ...(row.answered === null ? {} : { answered: row.answered === 1 }),
  };
}
