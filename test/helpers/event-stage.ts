// A record with an event log, and somebody who writes into its file beside the server.
import { join } from "node:path";
import Database from "better-sqlite3";
import { onTestFinished } from "vitest";
import { type LogVerdict, verifyLog } from "../../src/audit/verify-log.ts";
import type { StoredEvent } from "../../src/core/event-chain.ts";
import type { ApprovalStore } from "../../src/core/ports/approval-store.ts";
import type { ApprovalRequest } from "../../src/domain/approval.ts";
import type { ApprovalId, Phone } from "../../src/domain/tool-call.ts";
import { openEventReader } from "../../src/store/event-reader.ts";
import type { StoreOptions } from "../../src/store/live-database.ts";
import { keep } from "../../src/store/open-database.ts";
import { createSqliteStore } from "../../src/store/sqlite.ts";
import { temporaryFolder } from "./temporary.ts";

export const EVENT_PHONE = "+15005550006" as Phone;
export const TOKEN = "the auth token of this test";
export const EVENT_START = 1_700_000_000_000;

export function eventRequest(id: string, at = EVENT_START, project = "web-shop"): ApprovalRequest {
  const call = { toolName: "Bash", input: { command: `login --token t0p-secret-${id}` } };
  return {
    id: id as ApprovalId,
    call,
    inspection: {
      shown: { ...call, input: { command: "login --token [secret 1]" } },
      secrets: 1,
      warnings: [],
    },
    door: "mcp",
    project,
    createdAt: at,
    expiresAt: at + 300_000,
    waiting: 1,
  };
}

export interface EventStage {
  readonly path: string;
  readonly store: ApprovalStore;
  readonly problems: string[];
  /** What the store takes for the present time, epoch ms. */
  now: number;
  /** Opens the same record again, after a stop. */
  open(options?: StoreOptions): ApprovalStore;
  /** Runs SQL as somebody who can write to the file. */
  attack(sql: string, ...values: unknown[]): void;
  events(): readonly StoredEvent[];
  verify(wanted?: string, secrets?: readonly string[]): LogVerdict;
}

export function eventStage(secrets: readonly string[] = [TOKEN]): EventStage {
  const path = join(temporaryFolder(), "approvals.db");
  const problems: string[] = [];
  const open = (options: StoreOptions = {}) => {
    const opened = createSqliteStore(path, {
      secrets,
      now: () => stage.now,
      onBroken: (problem) => void problems.push(problem),
      ...options,
    });
    onTestFinished(() => opened.close());
    return opened;
  };
  const read = <T>(work: (reader: ReturnType<typeof openEventReader>) => T): T => {
    const reader = openEventReader(path);
    try {
      return work(reader);
    } finally {
      reader.close();
    }
  };
  const stage: EventStage = {
    path,
    problems,
    now: EVENT_START,
    get store() {
      opened ??= open();
      return opened;
    },
    open,
    attack(sql, ...values) {
      const db = keep(new Database(path));
      db.exec(
        "DROP TRIGGER IF EXISTS events_never_change; DROP TRIGGER IF EXISTS events_stay; DROP TRIGGER IF EXISTS events_in_order",
      );
      db.exec("PRAGMA wal_autocheckpoint = 0; PRAGMA foreign_keys = OFF");
      keep(db.prepare(sql)).run(...values);
      db.close();
    },
    events: () => read((reader) => reader.page({}, 0, 1_000_000)),
    verify: (wanted, given = secrets) => read((reader) => verifyLog(reader, { secrets: given, wanted })),
  };
  let opened: ApprovalStore | undefined;
  return stage;
}

/** Asks and decides one request. */
export async function decideOne(store: ApprovalStore, id: string, at = EVENT_START): Promise<void> {
  await store.insert(eventRequest(id, at));
  await store.addMessages(id as ApprovalId, [{ messageId: `SM-${id}`, to: EVENT_PHONE, hasButtons: true }]);
  await store.noteMessage({
    messageId: `SM-${id}`,
    sender: "whatsapp:+14155238886",
    to: EVENT_PHONE,
    purpose: "request",
    requestId: id as ApprovalId,
    at: at + 1,
  });
  await store.recordDelivery({ messageId: `SM-${id}`, state: "delivered", at: at + 2 });
  const via = { how: "tap", proof: "confirmed" } as const;
  await store.settle(id as ApprovalId, { status: "approved", by: EVENT_PHONE, via }, at + 3);
  await store.recordAcknowledged(id as ApprovalId, true);
}
