// The approval store over SQLite. Every decision is one conditional UPDATE; its row count tells who won.

import { createHash } from "node:crypto";
import type { ApprovalStore } from "../core/ports/approval-store.ts";
import type { KeyedRequest } from "../core/ports/key-store.ts";
import type { StoredApproval } from "../core/ports/request-store.ts";
import { RECEIPT_RANK } from "../core/receipts.ts";
import type { Outcome } from "../domain/approval.ts";
import type { DeliveryReceipt } from "../domain/delivery.ts";
import { numberForms } from "../domain/phone-number.ts";
import type { ServiceMode } from "../domain/service-mode.ts";
import { createCheckpoint } from "./checkpoint.ts";
import { type ApprovalRow, toApproval } from "./columns.ts";
import { createHistory, receiptTimes } from "./history.ts";
import { createInboundStore } from "./inbound.ts";
import { openLiveDatabase, type StoreOptions } from "./live-database.ts";
import { createParkedStore } from "./parked.ts";
import { settleWithGrant } from "./settle.ts";
import { createTaskStore } from "./tasks.ts";

// The row's name since the first release.
const SERVICE_MODE = "standing";
/** Holds nothing: what is written to see whether anything can be. */
const PROBE = "probe";
const RESTART: Outcome = { status: "cancelled", cause: "restart" };

/** Opens the store. @throws ConfigError when the file cannot be used, or another server has it. */
export function createSqliteStore(path: string, options: StoreOptions = {}): ApprovalStore {
  const live = openLiveDatabase(path, options);
  const checkpoint = createCheckpoint(live);
  // The driver is synchronous: wrapping it turns a throw into a rejection, as the port promises.
  const run = async <T>(work: (file: ReturnType<typeof live.use>) => T): Promise<T> => work(live.use());

  return {
    ...createHistory((work) => run(({ sql }) => work(sql))),
    ...createTaskStore((work) => run(({ sql, db }) => work(sql, db))),
    ...createParkedStore((work) => run(({ sql, db }) => work(sql, db))),
    ...createInboundStore((work) => run(({ sql, db }) => work(sql, db))),
    insert: ({ id, call, inspection, door, project, requester, sessionId, createdAt, expiresAt, executor }) =>
      run(({ sql }) => {
        const input = JSON.stringify(call.input);
        const written = sql.insert.run({
          id,
          door,
          project: project ?? null,
          requester: requester ?? null,
          sessionId: sessionId ?? null,
          toolName: call.toolName,
          toolUseId: call.toolUseId ?? null,
          executor: executor ?? null,
          input,
          maskedInput: JSON.stringify(inspection.shown.input),
          inputSha256: createHash("sha256").update(input).digest("hex"),
          createdAt,
          expiresAt,
        });
        return written.changes === 1;
      }),
    settle: (id, outcome, at) =>
      run(({ db, sql, isNew }) => {
        // What waits is not in there: a denial is handed over all the same, and an approval is none.
        if (isNew) throw new Error("the database file was replaced while the request waited");
        const won = settleWithGrant(db, sql, id, outcome, at);
        if (won) {
          live.confirm();
          checkpoint.now();
        }
        return won;
      }),
    recordAcknowledged: (id, taken) => run(({ sql }) => void sql.acknowledged.run(taken ? 1 : 0, id)),
    recordRun: (id, note) => run(({ sql }) => sql.recordRun.run(JSON.stringify(note), id).changes === 1),
    find: (id) => run(({ sql }) => found(sql.find.get(id))),
    addKey: (request, since) =>
      run(({ db, sql }) =>
        db.transaction(() => {
          sql.forgetKeys.run(since);
          return sql.addKey.run(request).changes === 1;
        })(),
      ),
    findKey: (requester, key, since) =>
      run(({ sql }) => sql.findKey.get(requester, key, since) as KeyedRequest | undefined),
    addMessages: (id, messages) =>
      run(({ db, sql }) =>
        db.transaction(() => {
          for (const { messageId, to } of messages) sql.addMessage.run(messageId, id, to);
        })(),
      ),
    findByMessage: (messageId) => run(({ sql }) => found(sql.findByMessage.get(messageId))),
    recordDelivery: (receipt) =>
      run(({ db, sql }) =>
        db.transaction(() => {
          const { messageId, state } = receipt;
          sql.recordDelivery.run(messageId, RECEIPT_RANK[state], JSON.stringify(receipt));
          sql.noteReceipt.run(receiptTimes(receipt));
        })(),
      ),
    findDelivery: (messageId) =>
      run(({ sql }) => {
        const row = sql.findDelivery.get(messageId);
        return row === undefined ? undefined : (JSON.parse(row.receipt) as DeliveryReceipt);
      }),
    recordContact: (phone, at, joined) =>
      run(({ sql }) => void sql.recordContact.run(phone, at, joined ? at : null)),
    contact: (phone) =>
      run(({ sql }) => {
        const [one = phone, other = one] = numberForms(phone);
        const row = sql.contact.get(one, other);
        return {
          lastInboundAt: row?.last_inbound_at ?? undefined,
          ...(row === undefined || row.joined_at === null ? {} : { joinedAt: row.joined_at }),
        };
      }),
    userIds: () => run(({ sql }) => sql.userIds.all()),
    recordUserId: (known) =>
      run(({ db, sql }) =>
        db.transaction(() => {
          sql.forgetUserId.run(known.phone, known.userId);
          sql.addUserId.run(known);
        })(),
      ),
    forgetUserId: (phone) => run(({ sql }) => void sql.forgetUserId.run(phone, null)),
    templates: (account) => run(({ sql }) => sql.templates.all(account)),
    approvedScripts: () => run(({ sql }) => sql.approvedScripts.all()),
    recordApprovedScript: (script) => run(({ sql }) => void sql.recordApprovedScript.run(script)),
    recordTemplate: (known) => run(({ sql }) => void sql.recordTemplate.run(known)),
    gatewayTools: () => run(({ sql }) => sql.gatewayTools.all()),
    recordGatewayTool: (known) => run(({ sql }) => void sql.recordGatewayTool.run(known)),
    claimReminder: (phone, day, at) => run(({ sql }) => sql.claimReminder.run(phone, day, at).changes === 1),
    lastAsked: (phone) => run(({ sql }) => sql.lastAsked.get(phone)?.at ?? undefined),
    serviceMode: () =>
      run(({ sql }) => {
        const row = sql.getSetting.get(SERVICE_MODE);
        return row === undefined ? { kind: "open" } : (JSON.parse(row.value) as ServiceMode);
      }),
    setServiceMode: (mode) => run(({ sql }) => void sql.setSetting.run(SERVICE_MODE, JSON.stringify(mode))),
    endGrant: (id, cause, at) => run(({ sql }) => sql.endGrant.run(at, cause, id, at).changes === 1),
    endGrants: (cause, at) => run(({ sql }) => sql.endGrants.run(at, cause, at).changes),
    cancelPending: (at) =>
      run(({ sql }) => {
        const { changes } = sql.cancelPending.run(JSON.stringify(RESTART), at);
        checkpoint.now();
        return changes;
      }),
    probe: () => run(({ sql }) => void sql.setSetting.run(PROBE, "")),
    close: async () => {
      checkpoint.stop();
      live.close();
    },
  };
}

function found(row: ApprovalRow | undefined): StoredApproval | undefined {
  return row === undefined ? undefined : toApproval(row);
}
