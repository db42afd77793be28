// The gate: a request waits here until the phone answers, the deadline passes or the caller leaves.
// The store's conditional write settles every race; whatever is not a recorded approval is a denial.

import type { Outcome } from "../domain/approval.ts";
import { soundOutcome } from "../domain/decision.ts";
import type { Submission } from "../domain/submission.ts";
import type { ApprovalId } from "../domain/tool-call.ts";
import type { Gate, GateDeps } from "./gate-contract.ts";
import { createInFlightRequests, type InFlightRequest } from "./in-flight-requests.ts";
import { type Answer, createPendingRequest, type PendingRequest } from "./pending-request.ts";
import { askAlways, outcomeByPolicy } from "./policy.ts";
import { trackReceipts } from "./receipts.ts";
import { createRecorder, draftOf } from "./record.ts";
import { LimitError } from "./request-limiter.ts";
import { createRequestNotifier } from "./request-notifier.ts";
import { createSubmit } from "./submit.ts";
import { waitAtMost } from "./timing.ts";

/** How long `stop` waits for the released callers to be written to, ms. Below the 5 s that a stop may take. */
const STOP_GRACE_MS = 2_000;

export function createGate(deps: GateDeps): Gate {
  const { store, messenger, clock, log, newId, policy = askAlways } = deps;
  const recorder = createRecorder(deps);
  const pendingById = new Map<ApprovalId, PendingRequest>();
  const take = createSubmit(deps, recorder, () => pendingById.size);
  const inFlight = createInFlightRequests();
  const turns = new Map<ApprovalId, Promise<boolean>>();
  const onHopeless = (pending: PendingRequest, outcome: Outcome) => end(pending, outcome);
  const receipts = trackReceipts({ store, log, onHopeless });
  const notifier = createRequestNotifier({ messenger, receipts, clock, log, onHopeless });
  let stopping = false;

  async function open(submission: Submission): Promise<PendingRequest> {
    const { request, leave } = await take(submission);
    const pending = createPendingRequest(request, clock, {
      onDeadline: () => void end(pending, { status: "expired" }),
      onDeserted: (cause) => void end(pending, { status: "cancelled", cause }, pending.isDeserted),
    });
    pending.ended.addEventListener("abort", leave);
    pendingById.set(request.id, pending);
    deps.onWaitingChange?.();
    return pending;
  }

  /** Ends a pending request, one attempt after the other. @returns whether this outcome is the one that the callers got. */
  function end(pending: PendingRequest, outcome: Outcome, stillWanted = () => true): Promise<boolean> {
    const { id } = pending.request;
    const turn = (turns.get(id) ?? Promise.resolve(false)).then(async () => {
      if (pending.ended.aborted || !stillWanted()) return false;
      const final = await recorder.ended(id, soundOutcome(pending.request.call, outcome));
      close(pending, final);
      return final === outcome;
    });
    turns.set(id, turn);
    return turn;
  }

  function close(pending: PendingRequest, outcome: Outcome): void {
    const { id } = pending.request;
    pendingById.delete(id);
    deps.onWaitingChange?.();
    turns.delete(id);
    receipts.forget(pending);
    pending.finish(outcome);
    const { status } = outcome;
    log.info(
      { id, tool: pending.request.call.toolName, ...(status === "undeliverable" ? outcome : { status }) },
      "request ended",
    );
    void pending.acknowledged.then((taken) => recorder.acknowledged(id, taken));
    const ended = { request: pending.request, outcome, delivery: pending.delivery };
    policy.ended(ended);
    deps.onEnded?.(ended);
  }

  function refuse(submission: Submission, outcome: Outcome): Answer {
    const inspection = { shown: submission.call, secrets: undefined, warnings: [] };
    const request = { id: newId(), ...draftOf(submission, inspection, clock.now(), 0, 0) };
    return { request, outcome, acknowledge: () => {} };
  }

  /** What ends a request before anybody is asked. */
  async function unasked(submission: Submission, pending: PendingRequest): Promise<Outcome | undefined> {
    if (stopping) return { status: "cancelled", cause: "shutdown" };
    const mode = deps.mode();
    if (mode.kind !== "open") return { status: "refused", mode };
    return outcomeByPolicy(policy, submission, pending.request, log);
  }

  async function begin(
    submission: Submission,
    inFlightRequest: InFlightRequest,
    pending: PendingRequest,
  ): Promise<void> {
    pending.ended.addEventListener("abort", () => inFlight.remove(inFlightRequest));
    const outcome = await unasked(submission, pending);
    if (outcome === undefined) await notifier.send(pending);
    else await end(pending, outcome);
  }

  return {
    async request(submission, caller = {}) {
      if (stopping) return refuse(submission, { status: "cancelled", cause: "shutdown" });
      let inFlightRequest: InFlightRequest | undefined;
      let isFirst = false;
      try {
        inFlightRequest = inFlight.join(submission, clock.now());
        if (inFlightRequest === undefined) {
          isFirst = true;
          inFlightRequest = inFlight.add(submission, clock.now(), open(submission));
        }
        const pending = await inFlightRequest.pending;
        const answer = pending.join(caller);
        if (isFirst) void begin(submission, inFlightRequest, pending);
        return await answer;
      } catch (error) {
        if (inFlightRequest !== undefined) inFlight.remove(inFlightRequest);
        if (error instanceof LimitError) {
          log.warn(
            { requester: submission.requester, outcome: error.outcome },
            "a request was over the limit",
          );
          return refuse(submission, error.outcome);
        }
        log.error({ err: error }, "the request could not be recorded: denied");
        return refuse(submission, {
          status: "failed",
          message: "the request could not be written to the database.",
        });
      }
    },

    async resolve(id, action) {
      const pending = pendingById.get(id);
      try {
        if (pending !== undefined && clock.now() >= pending.request.expiresAt) {
          // Timers stand still while the machine sleeps; the deadline does not.
          await end(pending, { status: "expired" });
        } else if (pending !== undefined) {
          const result = notifier.apply(pending, action);
          if (result.kind === "pending") return result.result;
          const { outcome } = result;
          if (await end(pending, outcome)) {
            return { kind: "decided", request: pending.request, outcome, acknowledged: pending.acknowledged };
          }
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
    alsoSent(id, message) {
      const pending = pendingById.get(id);
      if (pending !== undefined) receipts.accepted(pending, message);
    },
    questionOf: (messageId) => receipts.questionOf(messageId),
    waiting: () => [...pendingById.values()].map(({ request }) => request),
    shut: async (mode) => {
      await Promise.all(
        [...pendingById.values()].map((pending) => end(pending, { status: "refused", mode })),
      );
    },

    async stop() {
      stopping = true;
      const open = [...pendingById.values()];
      await Promise.all(open.map((pending) => end(pending, { status: "cancelled", cause: "shutdown" })));
      await waitAtMost(STOP_GRACE_MS, Promise.all(open.map((pending) => pending.acknowledged)), clock);
    },
  };
}
