// Every SQL statement of the store, prepared once.
import type Database from "better-sqlite3";
import type { KnownGatewayTool } from "../core/ports/gateway-tool-store.ts";
import type { ApprovedScript } from "../core/ports/script-store.ts";
import type { KnownTemplate } from "../core/ports/template-store.ts";
import type { KnownUserId } from "../core/ports/user-id-store.ts";
import type { ApprovalId } from "../domain/tool-call.ts";
import { prepareChannelStatements } from "./channels.ts";
import { type ApprovalRow, COLUMNS } from "./columns.ts";
import type { EndorsementRow } from "./endorsement-row.ts";
import { prepareHistoryStatements } from "./history-statements.ts";
import { prepareInboundStatements } from "./inbound.ts";
import { keep } from "./open-database.ts";
import { prepareParkedStatements } from "./parked.ts";
import { prepareTaskStatements } from "./tasks.ts";

export interface KeyRow {
  readonly requester: string;
  readonly key: string;
  readonly bodySha256: string;
  readonly id: string;
  readonly at: number;
}

export const GATEWAY_TOOLS = "SELECT server, tool, definition, fingerprint, seal, at FROM gateway_tools";

export type Statements = ReturnType<typeof prepareStatements>;

export function prepareStatements(db: Database.Database) {
  const prepared = <P extends unknown[] | object, R = unknown>(source: string) =>
    keep(db.prepare<P, R>(source));
  return {
    ...prepareHistoryStatements(db),
    ...prepareTaskStatements(db),
    ...prepareParkedStatements(db),
    ...prepareInboundStatements(db),
    ...prepareChannelStatements(db),
    insert: prepared<object>(
      `INSERT INTO approvals (id, status, door, project, requester, session_id, tool_name, tool_use_id, executor, input, masked_input, input_sha256, created_at, expires_at)
       VALUES (@id, 'pending', @door, @project, @requester, @sessionId, @toolName, @toolUseId, @executor, @input, @maskedInput, @inputSha256, @createdAt, @expiresAt)
       ON CONFLICT (id) DO NOTHING`,
    ),
    settle: prepared<[string, string, number, string]>(
      "UPDATE approvals SET status = ?, outcome = ?, decided_at = ?, input = masked_input WHERE id = ? AND status = 'pending'",
    ),
    isPending: prepared<[string], { id: string }>(
      "SELECT id FROM approvals WHERE id = ? AND status = 'pending'",
    ),
    endorsements: prepared<[string], EndorsementRow>(
      "SELECT person, body, seal FROM endorsements WHERE approval_id = ?",
    ),
    addEndorsement: prepared<[string, string, string, string]>(
      "INSERT OR REPLACE INTO endorsements (approval_id, person, body, seal) VALUES (?, ?, ?, ?)",
    ),
    dropEndorsements: prepared<[]>("DELETE FROM endorsements"),
    addGrant: prepared<object>(
      `INSERT INTO grants (id, given_by, subject, holder, given_at, expires_at)
       VALUES (@id, @by, @subject, @holder, @at, @expiresAt)`,
    ),
    useGrant: prepared<[string, number]>(
      "UPDATE grants SET uses = uses + 1 WHERE id = ? AND ended_at IS NULL AND expires_at > ?",
    ),
    endGrant: prepared<[number, string, string, number]>(
      "UPDATE grants SET ended_at = ?, ended_by = ? WHERE id = ? AND ended_at IS NULL AND expires_at > ?",
    ),
    heldGrants: prepared<[number], { id: ApprovalId }>(
      "SELECT id FROM grants WHERE ended_at IS NULL AND expires_at > ? ORDER BY given_at, id",
    ),
    endGrants: prepared<[number, string, number]>(
      "UPDATE grants SET ended_at = ?, ended_by = ? WHERE ended_at IS NULL AND expires_at > ?",
    ),
    acknowledged: prepared<[number, string]>("UPDATE approvals SET answered = ? WHERE id = ?"),
    recordRun: prepared<[string, string]>(
      "UPDATE approvals SET run = ? WHERE id = ? AND status = 'approved'",
    ),
    find: prepared<[string], ApprovalRow>(`SELECT ${COLUMNS} FROM approvals a WHERE a.id = ?`),
    forgetKeys: prepared<[number]>("DELETE FROM idempotency WHERE created_at < ?"),
    addKey: prepared<object>(
      `INSERT INTO idempotency (requester, key, body_sha256, approval_id, created_at)
       VALUES (@requester, @key, @bodySha256, @id, @at) ON CONFLICT (requester, key) DO NOTHING`,
    ),
    findKey: prepared<[string, string, number], KeyRow>(
      `SELECT requester, key, body_sha256 AS bodySha256, approval_id AS id, created_at AS at
       FROM idempotency WHERE requester = ? AND key = ? AND created_at >= ?`,
    ),
    addMessage: prepared<[string, string, string]>(
      "INSERT INTO messages (message_id, approval_id, recipient) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
    ),
    findByMessage: prepared<[string], ApprovalRow>(
      `SELECT ${COLUMNS} FROM messages m JOIN approvals a ON a.id = m.approval_id WHERE m.message_id = ?`,
    ),
    recordDelivery: prepared<[string, number, string]>(
      `INSERT INTO receipts (message_id, rank, receipt) VALUES (?, ?, ?)
       ON CONFLICT (message_id) DO UPDATE SET rank = excluded.rank, receipt = excluded.receipt
       WHERE excluded.rank > receipts.rank`,
    ),
    findDelivery: prepared<[string], { receipt: string }>(
      "SELECT receipt FROM receipts WHERE message_id = ?",
    ),
    recordContact: prepared<[string, number, number | null]>(
      `INSERT INTO contacts (phone, last_inbound_at, joined_at) VALUES (?, ?, ?)
       ON CONFLICT (phone) DO UPDATE SET
         last_inbound_at = max(contacts.last_inbound_at, excluded.last_inbound_at),
         joined_at = coalesce(max(contacts.joined_at, excluded.joined_at), contacts.joined_at, excluded.joined_at)`,
    ),
    // The number may have been written in its other form before.
    contact: prepared<[string, string], { last_inbound_at: number | null; joined_at: number | null }>(
      "SELECT max(last_inbound_at) AS last_inbound_at, max(joined_at) AS joined_at FROM contacts WHERE phone IN (?, ?)",
    ),
    userIds: prepared<[], KnownUserId>(
      "SELECT phone, user_id AS userId, seal, learned_at AS learnedAt FROM user_ids",
    ),
    forgetUserId: prepared<[string, string | null]>("DELETE FROM user_ids WHERE phone = ? OR user_id = ?"),
    addUserId: prepared<object>(
      "INSERT INTO user_ids (phone, user_id, seal, learned_at) VALUES (@phone, @userId, @seal, @learnedAt)",
    ),
    approvedScripts: prepared<[], ApprovedScript>(
      "SELECT name, identity, seal, approved_at AS approvedAt FROM approved_scripts",
    ),
    recordApprovedScript: prepared<object>(
      `INSERT INTO approved_scripts (name, identity, seal, approved_at) VALUES (@name, @identity, @seal, @approvedAt)
       ON CONFLICT (name) DO UPDATE SET
         identity = excluded.identity, seal = excluded.seal, approved_at = excluded.approved_at`,
    ),
    templates: prepared<[string], KnownTemplate>(
      "SELECT account, name, sid, approval, seal, seen_at AS seenAt FROM templates WHERE account = ?",
    ),
    recordTemplate: prepared<object>(
      `INSERT INTO templates (account, name, sid, approval, seal, seen_at)
       VALUES (@account, @name, @sid, @approval, @seal, @seenAt)
       ON CONFLICT (account, name) DO UPDATE SET
         sid = excluded.sid, approval = excluded.approval, seal = excluded.seal, seen_at = excluded.seen_at`,
    ),
    // One a day: the day is the row's condition.
    claimReminder: prepared<[string, string, number]>(
      `INSERT INTO reminders (phone, day, sent_at) VALUES (?, ?, ?)
       ON CONFLICT (phone) DO UPDATE SET day = excluded.day, sent_at = excluded.sent_at
       WHERE reminders.day <> excluded.day`,
    ),
    lastReminded: prepared<[string], number>("SELECT sent_at FROM reminders WHERE phone = ?").pluck(),
    lastAsked: prepared<[string], { at: number | null }>(
      `SELECT max(a.created_at) AS at FROM messages m JOIN approvals a ON a.id = m.approval_id
       WHERE m.recipient = ?`,
    ),
    gatewayTools: prepared<[], KnownGatewayTool>(GATEWAY_TOOLS),
    recordGatewayTool: prepared<object>(
      `INSERT INTO gateway_tools (server, tool, definition, fingerprint, seal, at)
       VALUES (@server, @tool, @definition, @fingerprint, @seal, @at)
       ON CONFLICT (server, tool) DO UPDATE SET
         definition = excluded.definition, fingerprint = excluded.fingerprint, seal = excluded.seal, at = excluded.at`,
    ),
    getSetting: prepared<[string], { value: string }>("SELECT value FROM settings WHERE name = ?"),
    setSetting: prepared<[string, string]>(
      "INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    ),
    copyLog: prepared<[], { busy: number }>("PRAGMA wal_checkpoint(PASSIVE)"),
    emptyLog: prepared<[], { busy: number }>("PRAGMA wal_checkpoint(TRUNCATE)"),
    leftPending: prepared<[], { id: ApprovalId }>(
      "SELECT id FROM approvals WHERE status = 'pending' AND id NOT IN (SELECT approval_id FROM parked WHERE ended_at IS NULL) ORDER BY created_at, id",
    ),
  };
}
