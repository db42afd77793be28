// The approval store over SQLite. Every decision is one conditional UPDATE; its row count tells who won.
import { createHash } from "node:crypto";
import type Database from "better-sqlite3";
import type { ApprovalStore, DeliveryReceipt, StoredApproval } from "../core/ports.ts";
import { RECEIPT_RANK } from "../core/receipts.ts";
import type { ApprovalId, Outcome, Status } from "../domain/approval.ts";
import type { Standing } from "../domain/standing.ts";
import { keep, openDatabase } from "./open-database.ts";

interface ApprovalRow {
  readonly id: string;
  readonly status: string;
  readonly created_at: number;
  readonly expires_at: number;
  readonly decided_at: number | null;
  readonly outcome: string | null;
  readonly answered: number | null;
}

const STANDING = "standing";
const RESTART: Outcome = { status: "cancelled", cause: "restart" };

/** Opens the store. @throws ConfigError when the file cannot be used. */
export function createSqliteStore(path: string): ApprovalStore {
  const db = openDatabase(path);
  const sql = prepare(db);
  // The driver is synchronous: wrapping it turns a throw into a rejection, as the port promises.
  const run = async <T>(work: () => T): Promise<T> => work();

  return {
    insert: ({ id, call, inspection, door, project, createdAt, expiresAt }) =>
      run(() => {
        const input = JSON.stringify(call.input);
        const written = sql.insert.run({
          id,
          door,
          project: project ?? null,
          toolName: call.toolName,
          toolUseId: call.toolUseId ?? null,
          input,
          maskedInput: JSON.stringify(inspection.shown.input),
          inputSha256: createHash("sha256").update(input).digest("hex"),
          createdAt,
          expiresAt,
        });
        return written.changes === 1;
      }),
    settle: (id, outcome, at) =>
      run(() => {
        const won = sql.settle.run(outcome.status, JSON.stringify(outcome), at, id).changes === 1;
        if (won) forgetOverwritten(db);
        return won;
      }),
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
    recordContact: (phone, at, joined) =>
      run(() => void sql.recordContact.run(phone, at, joined ? at : null)),
    contact: (phone) =>
      run(() => {
        const row = sql.contact.get(phone);
        return {
          ...(row === undefined ? {} : { lastInboundAt: row.last_inbound_at }),
          ...(row === undefined || row.joined_at === null ? {} : { joinedAt: row.joined_at }),
        };
      }),
    standing: () =>
      run(() => {
        const row = sql.getSetting.get(STANDING);
        return row === undefined ? { kind: "open" } : (JSON.parse(row.value) as Standing);
      }),
    setStanding: (standing) => run(() => void sql.setSetting.run(STANDING, JSON.stringify(standing))),
    cancelPending: (at) =>
      run(() => {
        const { changes } = sql.cancelPending.run(JSON.stringify(RESTART), at);
        forgetOverwritten(db);
        return changes;
      }),
    close: () =>
      run(() => {
        forgetOverwritten(db);
        db.close();
      }),
  };
}

/** Empties the write-ahead log, where the unmasked input would stay readable. The decision stands either way. */
function forgetOverwritten(db: Database.Database): void {
  try {
    db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  } catch {
    // Another reader holds the file: the next decision or the next start empties it.
  }
}

function prepare(db: Database.Database) {
  const prepared = <P extends unknown[] | object, R = unknown>(source: string) =>
    keep(db.prepare<P, R>(source));
  const columns = "a.id, a.status, a.created_at, a.expires_at, a.decided_at, a.outcome, a.answered";
  return {
    insert: prepared<object>(
      `INSERT INTO approvals (id, status, door, project, tool_name, tool_use_id, input, masked_input, input_sha256, created_at, expires_at)
       VALUES (@id, 'pending', @door, @project, @toolName, @toolUseId, @input, @maskedInput, @inputSha256, @createdAt, @expiresAt)
       ON CONFLICT (id) DO NOTHING`,
    ),
    settle: prepared<[string, string, number, string]>(
      "UPDATE approvals SET status = ?, outcome = ?, decided_at = ?, input = masked_input WHERE id = ? AND status = 'pending'",
    ),
    answered: prepared<[number, string]>("UPDATE approvals SET answered = ? WHERE id = ?"),
    find: prepared<[string], ApprovalRow>(`SELECT ${columns} FROM approvals a WHERE a.id = ?`),
    addMessage: prepared<[string, string, string]>(
      "INSERT INTO messages (message_id, approval_id, recipient) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
    ),
    findByMessage: prepared<[string], ApprovalRow>(
      `SELECT ${columns} FROM messages m JOIN approvals a ON a.id = m.approval_id WHERE m.message_id = ?`,
    ),
    recordDelivery: prepared<[string, number, string]>(
      `INSERT INTO receipts (message_id, rank, receipt) VALUES (?, ?, ?)
       ON CONFLICT (message_id) DO UPDATE SET rank = excluded.rank, receipt = excluded.receipt
       WHERE excluded.rank > receipts.rank`,
    ),
    findDelivery: prepared<[string], { receipt: string }>(
      "SELECT receipt FROM receipts WHERE message_id = ?",
    ),
    firstSeen: prepared<[string, number]>(
      "INSERT INTO inbound (id, seen_at) VALUES (?, ?) ON CONFLICT (id) DO NOTHING",
    ),
    recordContact: prepared<[string, number, number | null]>(
      `INSERT INTO contacts (phone, last_inbound_at, joined_at) VALUES (?, ?, ?)
       ON CONFLICT (phone) DO UPDATE SET
         last_inbound_at = max(contacts.last_inbound_at, excluded.last_inbound_at),
         joined_at = coalesce(max(contacts.joined_at, excluded.joined_at), contacts.joined_at, excluded.joined_at)`,
    ),
    contact: prepared<[string], { last_inbound_at: number; joined_at: number | null }>(
      "SELECT last_inbound_at, joined_at FROM contacts WHERE phone = ?",
    ),
    getSetting: prepared<[string], { value: string }>("SELECT value FROM settings WHERE name = ?"),
    setSetting: prepared<[string, string]>(
      "INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    ),
    cancelPending: prepared<[string, number]>(
      "UPDATE approvals SET status = 'cancelled', outcome = ?, decided_at = ?, input = masked_input WHERE status = 'pending'",
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
