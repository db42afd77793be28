// A gate over a real SQLite store, with a messenger and a clock in the test's hands.
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { createGate, type Gate, type Submission } from "../../src/core/gate.ts";
import type { ApprovalStore, Messenger, SentMessage } from "../../src/core/ports.ts";
import {
  type ApprovalId,
  type ApprovalRequest,
  newApprovalId,
  type Phone,
} from "../../src/domain/approval.ts";
import { createSqliteStore } from "../../src/store/sqlite.ts";
import { createFakeClock, type FakeClock } from "./fake-clock.ts";
import { createKeptLog, type KeptLog } from "./silent-log.ts";
import { temporaryFolder } from "./temporary.ts";

export const PHONE = "+15005550006" as Phone;
export const SUBMISSION: Submission = {
  call: { toolName: "Bash", input: { command: "ls -la /etc" }, toolUseId: "toolu_1" },
  door: "mcp",
};

export interface GateStage {
  readonly gate: Gate;
  readonly store: ApprovalStore;
  readonly clock: FakeClock;
  readonly log: KeptLog;
  readonly databasePath: string;
  /** Requests that were handed to the messenger, with the signal that tells it to give up. */
  readonly asked: { request: ApprovalRequest; signal: AbortSignal }[];
  /** The id of the nth request, once it has been handed to the messenger. */
  id(index?: number): ApprovalId;
  /** Stops the gate although the test's callers never report that they took their answers. */
  stopStage(): Promise<void>;
}

export interface GateStageOptions {
  /** Replaces the messenger's answer. */
  readonly ask?: (request: ApprovalRequest, signal: AbortSignal) => Promise<readonly SentMessage[]>;
  /** Wraps the store, to break it. */
  readonly store?: (real: ApprovalStore) => ApprovalStore;
  readonly ids?: ApprovalId[];
}

export function createGateStage(options: GateStageOptions = {}): GateStage {
  const databasePath = join(temporaryFolder(), "approvals.db");
  const real = createSqliteStore(databasePath);
  onTestFinished(() => real.close());
  const store = options.store?.(real) ?? real;
  const clock = createFakeClock();
  const log = createKeptLog();
  const asked: GateStage["asked"] = [];
  let counter = 0;
  const messenger: Messenger = {
    async ask(request, signal) {
      asked.push({ request, signal });
      return options.ask?.(request, signal) ?? [{ messageId: `SM${asked.length}`, to: PHONE }];
    },
    tell: async () => {},
  };
  const newId = () => options.ids?.shift() ?? newApprovalId((max) => counter++ % max);
  const gate = createGate({ store, messenger, clock, log, newId, timeoutMs: 300_000 });
  const id = (index = 0) => {
    const entry = asked[index];
    if (entry === undefined) throw new Error(`request ${index} was not sent`);
    return entry.request.id;
  };
  const stopStage = async () => {
    const stopped = gate.stop();
    await clock.advance(10_000);
    await stopped;
  };
  return { gate, store, clock, log, databasePath, asked, id, stopStage };
}
