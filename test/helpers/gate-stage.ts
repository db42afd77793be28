// A gate over a real SQLite store, with a messenger and a clock in the test's hands.

import { join } from "node:path";
import { onTestFinished } from "vitest";
import { promptFor } from "../../src/channels/whatsapp-format/request-prompt.ts";
import { createGate } from "../../src/core/gate.ts";
import type { Deciders, Gate } from "../../src/core/gate-contract.ts";
import { createGrants, type Grants } from "../../src/core/grants.ts";
import type { ModeKeeper } from "../../src/core/mode.ts";
import type { ApprovalStore } from "../../src/core/ports/approval-store.ts";
import type { Inspector } from "../../src/core/ports/inspector.ts";
import type { Journal } from "../../src/core/ports/journal.ts";
import type { Messenger } from "../../src/core/ports/messenger.ts";
import type { Policy } from "../../src/core/ports/policy.ts";
import type { RequestLimiter } from "../../src/core/request-limiter.ts";
import type { ApprovalRequest } from "../../src/domain/approval.ts";
import type { SentMessage } from "../../src/domain/delivery.ts";
import type { AskedQuestion } from "../../src/domain/question-message.ts";
import type { ClosedMode, ServiceMode } from "../../src/domain/service-mode.ts";
import type { SettledRequest } from "../../src/domain/settled-request.ts";
import type { Submission } from "../../src/domain/submission.ts";
import { type ApprovalId, newApprovalId, type Phone } from "../../src/domain/tool-call.ts";
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
  readonly grants: Grants;
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
  setServiceMode(mode: ServiceMode): void;
  /** Tells of what `setServiceMode` closes. */
  mode: Pick<ModeKeeper, "onClose">;
  /** What has ended, in order. */
  readonly ended: SettledRequest[];
}

export interface GateStageOptions {
  /** Who is asked. Default: one phone. */
  readonly approvers?: readonly Phone[];
  /** Replaces the messenger's answer. */
  readonly ask?: (
    request: ApprovalRequest,
    signal: AbortSignal,
    question?: AskedQuestion,
    onSent?: (message: SentMessage) => void,
  ) => Promise<readonly SentMessage[]>;
  /** Told of an address that a message did not reach. Default: there is no other way. */
  readonly lost?: Messenger["lost"];
  /** Wraps the store, to break it. */
  readonly store?: (real: ApprovalStore) => ApprovalStore;
  readonly ids?: ApprovalId[];
  readonly inspector?: Inspector;
  readonly policy?: Policy;
  /** Default: each approver is a person, and whoever else answers may. */
  readonly people?: Deciders;
  /** Without it everybody is let in. */
  readonly limiter?: RequestLimiter;
  readonly onWaitingChange?: () => void;
  readonly journals?: readonly Journal[];
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
  const ended: SettledRequest[] = [];
  let counter = 0;
  const messenger: Messenger = {
    async ask(request, { signal, question, onRendered, onSent }) {
      if (question === undefined) onRendered(promptFor(request));
      asked.push({ request, signal, ...(question === undefined ? {} : { question }) });
      const name = `SM${asked.length}`;
      const messages =
        (await options.ask?.(request, signal, question, onSent)) ??
        (options.approvers ?? [PHONE]).map((to, index) => ({
          messageId: index === 0 ? name : `${name}-${index}`,
          to,
          hasButtons: true,
        }));
      for (const message of messages) onSent(message);
      return messages;
    },
    tell: async () => "SM0",
    ...(options.lost === undefined ? {} : { lost: options.lost }),
  };
  const newId = () => options.ids?.shift() ?? newApprovalId((max) => counter++ % max);
  const inspector = options.inspector ?? plainInspector;
  const grants = createGrants({ store, clock, log });
  let mode: ServiceMode = { kind: "open" };
  const gate = createGate({
    store,
    messenger,
    people: options.people ?? anybody(options.approvers ?? [PHONE]),
    inspector,
    mode: () => mode,
    ...(options.policy === undefined ? {} : { policy: options.policy }),
    ...(options.limiter === undefined ? {} : { limiter: options.limiter }),
    ...(options.onWaitingChange === undefined ? {} : { onWaitingChange: options.onWaitingChange }),
    onEnded: (each) => void ended.push(each),
    ...(options.journals === undefined ? {} : { journals: options.journals }),
    clock,
    log,
    newId,
    timeoutMs: 300_000,
    grants,
    grantMs: 3_600_000,
  });
  const closing: ((mode: ClosedMode) => void)[] = [];
  const setServiceMode = (next: ServiceMode) => {
    mode = next;
    if (next.kind !== "open") for (const listener of closing) listener(next);
  };
  const onClose = (listener: (mode: ClosedMode) => void) => void closing.push(listener);
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
  return {
    gate,
    grants,
    store,
    clock,
    log,
    databasePath,
    asked,
    id,
    stopStage,
    setServiceMode,
    mode: { onClose },
    ended,
  };
}

function anybody(approvers: readonly Phone[]): Deciders {
  const personAt = (address: Phone) => ({ name: address, role: "approve", addresses: [address] }) as const;
  return {
    mayDecide: () => true,
    nameOf: () => undefined,
    personOf: personAt,
    askedFor: () => approvers.map(personAt),
  };
}
