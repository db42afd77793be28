// A gate over a real SQLite store, with a messenger and a clock in the test's hands.
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Admission } from "../../src/core/admission.ts";
import { createGate } from "../../src/core/gate.ts";
import type { Ended, Gate } from "../../src/core/gate-contract.ts";
import type { ApprovalStore, Inspector, Messenger, Policy, SentMessage } from "../../src/core/ports.ts";
import type { Submission } from "../../src/core/record.ts";
import {
  type ApprovalId,
  type ApprovalRequest,
  newApprovalId,
  type Phone,
} from "../../src/domain/approval.ts";
import type { AskedQuestion } from "../../src/domain/question-prompt.ts";
import type { Standing } from "../../src/domain/standing.ts";
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
  readonly asked: { request: ApprovalRequest; signal: AbortSignal; question?: AskedQuestion }[];
  /** The id of the nth request, once it has been handed to the messenger. */
  id(index?: number): ApprovalId;
  /** Stops the gate although the test's callers never report that they took their answers. */
  stopStage(): Promise<void>;
  setStanding(standing: Standing): void;
  /** What has ended, in order. */
  readonly ended: Ended[];
}

export interface GateStageOptions {
  /** Replaces the messenger's answer. */
  readonly ask?: (
    request: ApprovalRequest,
    signal: AbortSignal,
    question?: AskedQuestion,
  ) => Promise<readonly SentMessage[]>;
  /** Wraps the store, to break it. */
  readonly store?: (real: ApprovalStore) => ApprovalStore;
  readonly ids?: ApprovalId[];
  readonly inspector?: Inspector;
  readonly policy?: Policy;
  /** Without it everybody is let in. */
  readonly admission?: Admission;
  readonly onWaitingChange?: () => void;
}

/** Shows every call as it is and finds nothing. */
export const plainInspector: Inspector = {
  inspect: async (call) => ({ shown: call, secrets: 0, warnings: [] }),
};

export function createGateStage(options: GateStageOptions = {}): GateStage {
  const databasePath = join(temporaryFolder(), "approvals.db");
  const real = createSqliteStore(databasePath);
  onTestFinished(() => real.close());
  const store = options.store?.(real) ?? real;
  const clock = createFakeClock();
  const log = createKeptLog();
  const asked: GateStage["asked"] = [];
  const ended: Ended[] = [];
  let counter = 0;
  const messenger: Messenger = {
    async ask(request, signal, onSent, question) {
      asked.push({ request, signal, ...(question === undefined ? {} : { question }) });
      const messages = (await options.ask?.(request, signal, question)) ?? [
        { messageId: `SM${asked.length}`, to: PHONE, hasButtons: true },
      ];
      for (const message of messages) onSent(message);
      return messages;
    },
    tell: async () => {},
  };
  const newId = () => options.ids?.shift() ?? newApprovalId((max) => counter++ % max);
  const inspector = options.inspector ?? plainInspector;
  let standing: Standing = { kind: "open" };
  const gate = createGate({
    store,
    messenger,
    inspector,
    standing: () => standing,
    ...(options.policy === undefined ? {} : { policy: options.policy }),
    ...(options.admission === undefined ? {} : { admission: options.admission }),
    ...(options.onWaitingChange === undefined ? {} : { onWaitingChange: options.onWaitingChange }),
    onEnded: (each) => void ended.push(each),
    clock,
    log,
    newId,
    timeoutMs: 300_000,
  });
  const setStanding = (next: Standing) => {
    standing = next;
  };
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
  return { gate, store, clock, log, databasePath, asked, id, stopStage, setStanding, ended };
}
