// The gate: a request waits here until the phone answers, the deadline passes or the caller leaves.
// The store's conditional write settles every race; whatever is not a recorded approval is a denial.
import { createHash } from "node:crypto";
import type { ApprovalId, ApprovalRequest, Door, Outcome, ToolCall, Verdict } from "../domain/approval.ts";
import { DeliveryError } from "../domain/errors.ts";
import type { ApprovalStore, Clock, DeliveryReceipt, Log, Messenger, StoredApproval } from "./ports.ts";
import { trackReceipts } from "./receipts.ts";
import { createRecorder } from "./record.ts";
import { type Answer, type Caller, createWait, type Wait } from "./wait.ts";
import { within } from "./within.ts";

/** How long `stop` waits for the released callers to be written to, ms. Below the 5 s that a stop may take. */
const STOP_GRACE_MS = 2_000;

export interface Submission {
  readonly call: ToolCall;
  readonly door: Door;
  readonly project?: string;
  /** Holds the deadline below the caller's own limit, ms. */
  readonly maxWaitMs?: number;
}

/** What became of a decision that came in from a phone. */
export type Resolution =
  | { readonly kind: "decided"; readonly request: ApprovalRequest; readonly answered: Promise<boolean> }
  | { readonly kind: "stale"; readonly approval: StoredApproval }
  | { readonly kind: "unknown" }
  | { readonly kind: "failed" };

export interface Gate {
  /** Asks the approvers and waits. Always resolves, at the deadline at the latest. */
  request(submission: Submission, caller?: Caller): Promise<Answer>;
  /** Takes a person's decision. The first one that the store accepts wins. */
  resolve(id: ApprovalId, verdict: Verdict): Promise<Resolution>;
  /** Takes news about a sent message; a failure of the last hope ends the wait. */
  receipt(receipt: DeliveryReceipt): Promise<void>;
  /** How many requests wait. */
  waiting(): number;
  /** Refuses what is new, denies what waits, and returns when the callers have been told. */
  stop(): Promise<void>;
}

export interface GateDeps {
  readonly store: ApprovalStore;
  readonly messenger: Messenger;
  readonly clock: Clock;
  readonly log: Log;
  readonly newId: () => ApprovalId;
  readonly timeoutMs: number;
}

export function createGate(deps: GateDeps): Gate {
  const { store, messenger, clock, log, newId, timeoutMs } = deps;
  const recorder = createRecorder(deps);
  const waits = new Map<ApprovalId, Wait>();
  const openings = new Map<string, Promise<Wait>>();
  const turns = new Map<ApprovalId, Promise<boolean>>();
  const receipts = trackReceipts({ store, log, onHopeless: (wait, failure) => void end(wait, failure) });
  let stopping = false;

  async function open(
    { call, door, project, maxWaitMs = timeoutMs }: Submission,
    key?: string,
  ): Promise<Wait> {
    const createdAt = clock.now();
    const expiresAt = createdAt + Math.min(timeoutMs, maxWaitMs);
    const named = project === undefined ? {} : { project };
    const request = await recorder.opened({ call, door, createdAt, expiresAt, ...named });
    const wait = createWait(request, key, clock, {
      onDeadline: () => void end(wait, { status: "expired" }),
      onDeserted: () => void end(wait, { status: "cancelled", cause: "disconnected" }, wait.isDeserted),
    });
    waits.set(request.id, wait);
    return wait;
  }

  async function send(wait: Wait): Promise<void> {
    try {
      await receipts.sent(wait, await messenger.ask(wait.request, wait.ended));
    } catch (error) {
      if (wait.ended.aborted) return;
      const failure = error instanceof DeliveryError ? error : undefined;
      log.error({ id: wait.request.id, err: error }, "the request could not be sent");
      await end(wait, {
        status: "undeliverable",
        message: failure?.message ?? "Sending failed.",
        advice: failure?.advice ?? "Look at the approval server's log.",
        ...(failure?.code === undefined ? {} : { code: failure.code }),
      });
    }
  }

  /** Ends a wait, one attempt after the other. @returns whether this outcome is the one that the callers got. */
  function end(wait: Wait, outcome: Outcome, stillWanted = () => true): Promise<boolean> {
    const { id } = wait.request;
    const turn = (turns.get(id) ?? Promise.resolve(false)).then(async () => {
      if (wait.ended.aborted || !stillWanted()) return false;
      const final = await recorder.ended(id, outcome);
      close(wait, final);
      return final === outcome;
    });
    turns.set(id, turn);
    return turn;
  }

  function close(wait: Wait, outcome: Outcome): void {
    const { id } = wait.request;
    waits.delete(id);
    turns.delete(id);
    receipts.forget(wait);
    if (wait.key !== undefined) openings.delete(wait.key);
    wait.finish(outcome);
    log.info({ id, status: outcome.status, tool: wait.request.call.toolName }, "request ended");
    void wait.answered.then((answered) => recorder.answered(id, answered));
  }

  function refuse({ call, door }: Submission, outcome: Outcome): Answer {
    const now = clock.now();
    const request = { id: newId(), call, door, createdAt: now, expiresAt: now };
    return { request, outcome, answered: () => {} };
  }

  return {
    async request(submission, caller = {}) {
      if (stopping) return refuse(submission, { status: "cancelled", cause: "shutdown" });
      const key = joinKey(submission.call);
      const opening = (key !== undefined && openings.get(key)) || undefined;
      const opened = opening ?? open(submission, key);
      if (key !== undefined) openings.set(key, opened);
      try {
        const wait = await opened;
        const answer = wait.join(caller);
        if (stopping) void end(wait, { status: "cancelled", cause: "shutdown" });
        else if (opening === undefined) void send(wait);
        return await answer;
      } catch (error) {
        if (key !== undefined) openings.delete(key);
        log.error({ err: error }, "the request could not be recorded: denied");
        return refuse(submission, {
          status: "failed",
          message: "the request could not be written to the database.",
        });
      }
    },

    async resolve(id, verdict) {
      const wait = waits.get(id);
      try {
        if (wait !== undefined) {
          if (await end(wait, verdict))
            return { kind: "decided", request: wait.request, answered: wait.answered };
        } else {
          // Pending without anybody waiting: its caller was answered while the disk was full.
          await store.settle(id, { status: "cancelled", cause: "disconnected" }, clock.now());
        }
        const approval = await store.find(id);
        if (approval === undefined) return { kind: "unknown" };
        return approval.status === "pending" ? { kind: "failed" } : { kind: "stale", approval };
      } catch (error) {
        log.error({ id, err: error }, "a decision could not be looked up");
        return { kind: "failed" };
      }
    },

    receipt: (receipt) => receipts.received(receipt),
    waiting: () => waits.size,

    async stop() {
      stopping = true;
      const open = [...waits.values()];
      await Promise.all(open.map((wait) => end(wait, { status: "cancelled", cause: "shutdown" })));
      await within(Promise.all(open.map((wait) => wait.answered)), STOP_GRACE_MS, clock);
    },
  };
}

/** A repeat has the same `tool_use_id` and the same input; without an id nothing is taken for a repeat. */
function joinKey(call: ToolCall): string | undefined {
  if (call.toolUseId === undefined) return undefined;
  const hash = createHash("sha256");
  for (const part of [call.toolUseId, call.toolName, JSON.stringify(call.input)]) hash.update(`${part}\0`);
  return hash.digest("hex");
}
