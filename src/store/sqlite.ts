// The approval store over SQLite. Every decision is one conditional UPDATE; its row count tells who won.

import type { ApprovalStore } from "../core/ports/approval-store.ts";
import type { KeyedRequest } from "../core/ports/key-store.ts";
import type { StoredApproval } from "../core/ports/request-store.ts";
import type { DeliveryReceipt } from "../domain/delivery.ts";
import { numberForms } from "../domain/phone-number.ts";
import type { ServiceMode } from "../domain/service-mode.ts";
import { createDecisionCheck } from "./as-decided.ts";
import { createChannelStore } from "./channels.ts";
import { createCheckpoint } from "./checkpoint.ts";
import { type ApprovalRow, toApproval } from "./columns.ts";
import { endorse } from "./endorsements.ts";
import { createEventLog } from "./event-log.ts";
import { createGroupCommit } from "./group-commit.ts";
import { createHistory } from "./history.ts";
import { createInboundStore } from "./inbound.ts";
import { openLiveDatabase, type StoreOptions } from "./live-database.ts";
import { createParkedStore } from "./parked.ts";
import { endGrant, endGrants, insertRequest, noteReceipt } from "./recorded.ts";
import { cancelPending, insertSettled, settleWithGrant } from "./settle.ts";
import { createTaskStore } from "./tasks.ts";

// The row's name since the first release.
const SERVICE_MODE = "standing";
/** Holds nothing: what is written to see whether anything can be. */
const PROBE = "probe";

/** Opens the store. @throws ConfigError when the file cannot be used, or another server has it. */
export function createSqliteStore(path: string, options: StoreOptions = {}): ApprovalStore {
  const live = openLiveDatabase(path, options);
  const checkpoint = createCheckpoint(live);
  const { write: run, note, read, flush } = createGroupCommit(live, checkpoint.soon);

  return {
    ...createHistory(
      (work) => note(({ sql, db, events }) => work(sql, db, events)),
      (work) => read(({ sql }) => work(sql)),
    ),
    ...createTaskStore(
      (work) => run(({ sql, db, events }) => work(sql, db, events)),
      (work) => read(({ sql }) => work(sql)),
    ),
    ...createParkedStore(
      (work) => run(({ sql, db, events }) => work(sql, db, events)),
      (work) => read(({ sql }) => work(sql)),
    ),
    ...createInboundStore({
      run: (work) => run(({ sql, db }) => work(sql, db)),
      note: (work) => note(({ sql }) => work(sql)),
      read: (work) => read(({ sql }) => work(sql)),
    }),
    ...createChannelStore(
      (work) => run(({ sql, db, events }) => work(sql, db, events)),
      (work) => read(({ sql }) => work(sql)),
    ),
    ...createEventLog({
      run: (work) => run(({ db, sql, events }) => work(db, sql, events)),
      tidy: checkpoint.now,
      now: options.now ?? Date.now,
    }),
    insert: (request) => run(({ sql, db, events }) => insertRequest(db, sql, events, request)),
    settle: (id, outcome, at, unwritten) =>
      run(({ db, sql, events, isNew }) => {
        if (unwritten !== undefined) return insertSettled(db, sql, events, unwritten, outcome, at);
        // What waits is not in there: a denial is handed over all the same, and an approval is none.
        if (isNew) throw new Error("the database file was replaced while the request waited");
        return settleWithGrant(db, sql, events, id, outcome, at);
      }),
    endorse: (id, endorsement, at) =>
      run(({ db, sql, events, isNew }) => {
        if (isNew) throw new Error("the database file was replaced while the request waited");
        return endorse(db, sql, events, id, endorsement, at);
      }),
    recordAcknowledged: (id, taken) =>
      note(({ db, sql, events }) =>
        db.transaction(() => {
          if (sql.acknowledged.run(taken ? 1 : 0, id).changes === 1)
            events.append({ kind: "written", requestId: id, data: { taken } });
        })(),
      ),
    recordRun: (id, note) =>
      run(({ db, sql, events }) =>
        db.transaction(() => {
          if (sql.recordRun.run(JSON.stringify(note), id).changes !== 1) return false;
          const { startedAt, endedAt, ok } = note;
          events.append({ kind: "ran", requestId: id, data: { startedAt, endedAt, ok } });
          return true;
        })(),
      ),
    ...createDecisionCheck((work) => read(({ db, events }) => work(db, events)), options.secrets ?? []),
    find: (id) => read(({ sql }) => found(sql.find.get(id))),
    addKey: (request, since) =>
      run(({ db, sql }) =>
        db.transaction(() => {
          sql.forgetKeys.run(since);
          return sql.addKey.run(request).changes === 1;
        })(),
      ),
    findKey: (requester, key, since) =>
      read(({ sql }) => sql.findKey.get(requester, key, since) as KeyedRequest | undefined),
    addMessages: (id, messages) =>
      note(({ db, sql }) =>
        db.transaction(() => {
          for (const { messageId, to } of messages) sql.addMessage.run(messageId, id, to);
        })(),
      ),
    findByMessage: (messageId) => read(({ sql }) => found(sql.findByMessage.get(messageId))),
    recordDelivery: (receipt) =>
      run(({ db, sql, events }) => db.transaction(() => noteReceipt(sql, events, receipt))()),
    findDelivery: (messageId) =>
      read(({ sql }) => {
        const row = sql.findDelivery.get(messageId);
        return row === undefined ? undefined : (JSON.parse(row.receipt) as DeliveryReceipt);
      }),
    recordContact: (phone, at, joined) =>
      run(({ sql }) => void sql.recordContact.run(phone, at, joined ? at : null)),
    contact: (phone) =>
      read(({ sql }) => {
        const [one = phone, other = one] = numberForms(phone);
        const row = sql.contact.get(one, other);
        return {
          lastInboundAt: row?.last_inbound_at ?? undefined,
          ...(row === undefined || row.joined_at === null ? {} : { joinedAt: row.joined_at }),
        };
      }),
    userIds: () => read(({ sql }) => sql.userIds.all()),
    recordUserId: (known) =>
      run(({ db, sql }) =>
        db.transaction(() => {
          sql.forgetUserId.run(known.phone, known.userId);
          sql.addUserId.run(known);
        })(),
      ),
    forgetUserId: (phone) => run(({ sql }) => void sql.forgetUserId.run(phone, null)),
    templates: (account) => read(({ sql }) => sql.templates.all(account)),
    approvedScripts: () => read(({ sql }) => sql.approvedScripts.all()),
    recordApprovedScript: (script) =>
      run(({ db, sql, events }) =>
        db.transaction(() => {
          sql.recordApprovedScript.run(script);
          events.append({ kind: "trusted", data: { script: script.name, identity: script.identity } });
        })(),
      ),
    recordTemplate: (known) => run(({ sql }) => void sql.recordTemplate.run(known)),
    gatewayTools: () => read(({ sql }) => sql.gatewayTools.all()),
    recordGatewayTool: (known) =>
      run(({ db, sql, events }) =>
        db.transaction(() => {
          sql.recordGatewayTool.run(known);
          const { server, tool, fingerprint } = known;
          events.append({ kind: "trusted", data: { server, tool, fingerprint } });
        })(),
      ),
    claimReminder: (phone, day, at) => run(({ sql }) => sql.claimReminder.run(phone, day, at).changes === 1),
    lastReminded: (phone) => read(({ sql }) => sql.lastReminded.get(phone)),
    lastAsked: (phone) => read(({ sql }) => sql.lastAsked.get(phone)?.at ?? undefined),
    serviceMode: () =>
      read(({ sql }) => {
        const row = sql.getSetting.get(SERVICE_MODE);
        return row === undefined ? { kind: "open" } : (JSON.parse(row.value) as ServiceMode);
      }),
    setServiceMode: (mode) =>
      run(({ db, sql, events }) =>
        db.transaction(() => {
          sql.setSetting.run(SERVICE_MODE, JSON.stringify(mode));
          events.append({ kind: "mode", data: { ...mode } });
        })(),
      ),
    endGrant: (id, cause, at) =>
      run(({ db, sql, events }) => db.transaction(() => endGrant(sql, events, id, cause, at))()),
    endGrants: (cause, at) =>
      run(({ db, sql, events }) => db.transaction(() => endGrants(sql, events, cause, at)).immediate()),
    async cancelPending(at) {
      const changes = await run(({ sql, db, events }) =>
        db.transaction(() => cancelPending(sql, events, at)).immediate(),
      );
      checkpoint.now();
      return changes;
    },
    probe: () => run(({ sql }) => void sql.setSetting.run(PROBE, "")),
    close: async () => {
      flush();
      checkpoint.stop();
      live.close();
    },
  };
}

function found(row: ApprovalRow | undefined): StoredApproval | undefined {
  return row === undefined ? undefined : toApproval(row);
}
