// The gate: a request waits here until the phone answers, the deadline passes or the caller leaves.
// The store's conditional write settles every race; whatever is not a recorded approval is a denial.
import type { ApprovalId, ApprovalRequest, Outcome, Verdict } from "../domain/approval.ts";
import type { Closed, Standing } from "../domain/standing.ts";
import { outcomeOf } from "../domain/verdict.ts";
import { joinKey } from "./join-key.ts";
import type {
  ApprovalStore,
  Clock,
  DeliveryReceipt,
  Inspector,
  Log,
  Messenger,
  SentMessage,
} from "./ports.ts";
import { trackReceipts } from "./receipts.ts";
import { createRecorder, type Submission } from "./record.ts";
import type { Resolution } from "./resolution.ts";
import { createSafeInspection } from "./safe-inspection.ts";
import { undeliverable } from "./undeliverable.ts";
import { type Answer, type Caller, createWait, type Wait } from "./wait.ts";
import { within } from "./within.ts";

/** How long `stop` waits for the released callers to be written to, ms. Below the 5 s that a stop may take. */
const STOP_GRACE_MS = 2_000;

export interface Gate {
  /** Asks the approvers and waits. Always resolves, at the deadline at the latest. */
  request(submission: Submission, caller?: Caller): Promise<Answer>;
  /** Takes a person's decision. The first one that the store accepts wins. */
  resolve(id: ApprovalId, verdict: Verdict): Promise<Resolution>;
  /** Takes news about a sent message; a failure of the last hope ends the wait. */
  receipt(receipt: DeliveryReceipt): Promise<void>;
  /** The waiting request that a sent message belongs to. Memory only: the database may have been written to. */
  requestOf(messageId: string): ApprovalId | undefined;
  /** What waits, oldest first. */
  waiting(): readonly ApprovalRequest[];
  /** Denies everything that waits, because nothing is to run any more. */
  shut(standing: Closed): Promise<void>;
  /** Refuses what is new, denies what waits, and returns when the callers have been told. */
  stop(): Promise<void>;
}

export interface GateDeps {
  readonly store: ApprovalStore;
  readonly messenger: Messenger;
  readonly inspector: Inspector;
  /** Whether requests are asked at all. */
  readonly standing: () => Standing;
  /** Called when a request begins or ends to wait. */
  readonly onWaitingChange?: () => void;
  readonly clock: Clock;
  readonly log: Log;
  readonly newId: () => ApprovalId;
  readonly timeoutMs: number;
}

export function createGate(deps: GateDeps): Gate {
  const { store, messenger, clock, log, newId } = deps;
  const recorder = createRecorder(deps);
  const inspect = createSafeInspection(deps.inspector, clock, log);
  const waits = new Map<ApprovalId, Wait>();
  const openings = new Map<string, Promise<Wait>>();
  const turns = new Map<ApprovalId, Promise<boolean>>();
  const receipts = trackReceipts({ store, log, onHopeless: (wait, failure) => void end(wait, failure) });
  let arriving = 0;
  let stopping = false;

  async function open(submission: Submission, key?: string): Promise<Wait> {
    arriving += 1;
    const waiting = waits.size + arriving;
    const { call, cwd } = submission;
    const request = await inspect(call, cwd)
      .then((inspection) => recorder.opened(submission, inspection, waiting))
      .finally(() => {
        arriving -= 1;
      });
    const wait = createWait(request, key, clock, {
      onDeadline: () => void end(wait, { status: "expired" }),
      onDeserted: () => void end(wait, { status: "cancelled", cause: "disconnected" }, wait.isDeserted),
    });
    waits.set(request.id, wait);
    deps.onWaitingChange?.();
    return wait;
  }

  async function send(wait: Wait): Promise<void> {
    try {
      const onSent = (message: SentMessage) => receipts.accepted(wait, message);
      receipts.sent(wait, await messenger.ask(wait.request, wait.ended, onSent));
    } catch (error) {
      if (wait.ended.aborted) return;
      log.error({ id: wait.request.id, err: error }, "the request could not be sent");
      await end(wait, undeliverable(error));
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
    deps.onWaitingChange?.();
    turns.delete(id);
    receipts.forget(wait);
    if (wait.key !== undefined) openings.delete(wait.key);
    wait.finish(outcome);
    const { status } = outcome;
    log.info(
      { id, tool: wait.request.call.toolName, ...(status === "undeliverable" ? outcome : { status }) },
      "request ended",
    );
    void wait.answered.then((answered) => recorder.answered(id, answered));
  }

  function refuse({ call, door }: Submission, outcome: Outcome): Answer {
    const now = clock.now();
    const inspection = { shown: call, secrets: undefined, warnings: [] };
    const request = { id: newId(), call, inspection, door, createdAt: now, expiresAt: now, waiting: 0 };
    return { request, outcome, answered: () => {} };
  }

  return {
    async request(submission, caller = {}) {
      if (stopping) return refuse(submission, { status: "cancelled", cause: "shutdown" });
      let key: string | undefined;
      try {
        key = joinKey(submission.call);
        const opening = (key !== undefined && openings.get(key)) || undefined;
        const opened = opening ?? open(submission, key);
        if (key !== undefined) openings.set(key, opened);
        const wait = await opened;
        const answer = wait.join(caller);
        const standing = deps.standing();
        if (stopping) void end(wait, { status: "cancelled", cause: "shutdown" });
        else if (standing.kind !== "open") void end(wait, { status: "refused", standing });
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
        if (wait !== undefined && clock.now() >= wait.request.expiresAt) {
          // Timers stand still while the machine sleeps; the deadline does not.
          await end(wait, { status: "expired" });
        } else if (wait !== undefined) {
          const outcome = outcomeOf(verdict, wait.request);
          if (outcome === undefined) return { kind: "not-offered" };
          if (await end(wait, outcome)) return { kind: "decided", outcome, answered: wait.answered };
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
    requestOf: (messageId) => receipts.requestOf(messageId),
    waiting: () => [...waits.values()].map(({ request }) => request),
    shut: async (standing) => {
      await Promise.all([...waits.values()].map((wait) => end(wait, { status: "refused", standing })));
    },

    async stop() {
      stopping = true;
      const open = [...waits.values()];
      await Promise.all(open.map((wait) => end(wait, { status: "cancelled", cause: "shutdown" })));
      await within(Promise.all(open.map((wait) => wait.answered)), STOP_GRACE_MS, clock);
    },
  };
}
