// The approval store over SQLite. Every decision is one conditional UPDATE; its row count tells who won.

import { createHash } from "node:crypto";
import type Database from "better-sqlite3";
import type { ApprovalStore } from "../core/ports/approval-store.ts";
import type { KeyedRequest } from "../core/ports/key-store.ts";
import type { StoredApproval } from "../core/ports/request-store.ts";
import { RECEIPT_RANK } from "../core/receipts.ts";
import type { Outcome, Status } from "../domain/approval.ts";
import type { DeliveryReceipt } from "../domain/delivery.ts";
import type { ServiceMode } from "../domain/service-mode.ts";
import type { ApprovalId, Door } from "../domain/tool-call.ts";
import { openDatabase } from "./open-database.ts";
import { settleWithGrant } from "./settle.ts";
import { type ApprovalRow, prepareStatements } from "./statements.ts";

// The row's name since the first release.
const SERVICE_MODE = "standing";
const RESTART: Outcome = { status: "cancelled", cause: "restart" };

/** Opens the store. @throws ConfigError when the file cannot be used. */
export function createSqliteStore(path: string): ApprovalStore {
  const db = openDatabase(path);
  const sql = prepareStatements(db);
  // The driver is synchronous: wrapping it turns a throw into a rejection, as the port promises.
  const run = async <T>(work: () => T): Promise<T> => work();

  return {
    insert: ({ id, call, inspection, door, project, requester, sessionId, createdAt, expiresAt }) =>
      run(() => {
        const input = JSON.stringify(call.input);
        const written = sql.insert.run({
          id,
          door,
          project: project ?? null,
          requester: requester ?? null,
          sessionId: sessionId ?? null,
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
        const won = settleWithGrant(db, sql, id, outcome, at);
        if (won) forgetOverwritten(db);
        return won;
      }),
    recordAcknowledged: (id, taken) => run(() => void sql.acknowledged.run(taken ? 1 : 0, id)),
    find: (id) => run(() => found(sql.find.get(id))),
    list: ({ limit, statuses, requester, after }) =>
      run(() =>
        sql.list
          .all({
            limit,
            statuses: statuses === undefined ? null : JSON.stringify(statuses),
            requester: requester ?? null,
            after: after ?? null,
          })
          .map(toApproval),
      ),
    addKey: (request, since) =>
      run(() =>
        db.transaction(() => {
          sql.forgetKeys.run(since);
          return sql.addKey.run(request).changes === 1;
        })(),
      ),
    findKey: (requester, key, since) =>
      run(() => sql.findKey.get(requester, key, since) as KeyedRequest | undefined),
    addMessages: (id, messages) =>
      run(() =>
        db.transaction(() => {
          for (const { messageId, to } of messages) sql.addMessage.run(messageId, id, to);
        })(),
      ),
    findByMessage: (messageId) => run(() => found(sql.findByMessage.get(messageId))),
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
          lastInboundAt: row?.last_inbound_at,
          ...(row === undefined || row.joined_at === null ? {} : { joinedAt: row.joined_at }),
        };
      }),
    serviceMode: () =>
      run(() => {
        const row = sql.getSetting.get(SERVICE_MODE);
        return row === undefined ? { kind: "open" } : (JSON.parse(row.value) as ServiceMode);
      }),
    setServiceMode: (mode) => run(() => void sql.setSetting.run(SERVICE_MODE, JSON.stringify(mode))),
    endGrant: (id, cause, at) => run(() => sql.endGrant.run(at, cause, id, at).changes === 1),
    endGrants: (cause, at) => run(() => sql.endGrants.run(at, cause, at).changes),
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

function found(row: ApprovalRow | undefined): StoredApproval | undefined {
  return row === undefined ? undefined : toApproval(row);
}

function toApproval(row: ApprovalRow): StoredApproval {
  return {
    id: row.id as ApprovalId,
    status: row.status as Status,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    door: row.door as Door,
    toolName: row.tool_name,
    shownInput: JSON.parse(row.masked_input) as Record<string, unknown>,
    ...(row.project === null ? {} : { project: row.project }),
    ...(row.requester === null ? {} : { requester: row.requester }),
    ...(row.decided_at === null ? {} : { decidedAt: row.decided_at }),
    ...(row.outcome === null ? {} : { outcome: JSON.parse(row.outcome) as Outcome }),
    ...(row.answered === null ? {} : { acknowledged: row.answered === 1 }),
  };
}
