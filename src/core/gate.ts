// The gate: a request waits here until the phone answers, the deadline passes or the caller leaves.
// The store's conditional write settles every race; whatever is not a recorded approval is a denial.
import type { ApprovalId, Outcome } from "../domain/approval.ts";
import { soundOutcome } from "../domain/decision.ts";
import { LimitError } from "./admission.ts";
import { createAsking } from "./asking.ts";
import type { Gate, GateDeps } from "./gate-contract.ts";
import { createIntake } from "./intake.ts";
import { createOpenings, type Opening } from "./openings.ts";
import { askAlways, outcomeByPolicy } from "./policy.ts";
import { trackReceipts } from "./receipts.ts";
import { createRecorder, draftOf, type Submission } from "./record.ts";
import { waitAtMost } from "./timing.ts";
import { type Answer, createWait, type Wait } from "./wait.ts";

/** How long `stop` waits for the released callers to be written to, ms. Below the 5 s that a stop may take. */
const STOP_GRACE_MS = 2_000;

export function createGate(deps: GateDeps): Gate {
  const { store, messenger, clock, log, newId, policy = askAlways } = deps;
  const recorder = createRecorder(deps);
  const waits = new Map<ApprovalId, Wait>();
  const take = createIntake(deps, recorder, () => waits.size);
  const openings = createOpenings();
  const turns = new Map<ApprovalId, Promise<boolean>>();
  const onHopeless = (wait: Wait, outcome: Outcome) => end(wait, outcome);
  const receipts = trackReceipts({ store, log, onHopeless });
  const asking = createAsking({ messenger, receipts, clock, log, onHopeless });
  let stopping = false;

  async function open(submission: Submission): Promise<Wait> {
    const { request, leave } = await take(submission);
    const wait = createWait(request, clock, {
      onDeadline: () => void end(wait, { status: "expired" }),
      onDeserted: (cause) => void end(wait, { status: "cancelled", cause }, wait.isDeserted),
    });
    wait.ended.addEventListener("abort", leave);
    waits.set(request.id, wait);
    deps.onWaitingChange?.();
    return wait;
  }

  /** Ends a wait, one attempt after the other. @returns whether this outcome is the one that the callers got. */
  function end(wait: Wait, outcome: Outcome, stillWanted = () => true): Promise<boolean> {
    const { id } = wait.request;
    const turn = (turns.get(id) ?? Promise.resolve(false)).then(async () => {
      if (wait.ended.aborted || !stillWanted()) return false;
      const final = await recorder.ended(id, soundOutcome(wait.request.call, outcome));
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
    wait.finish(outcome);
    const { status } = outcome;
    log.info(
      { id, tool: wait.request.call.toolName, ...(status === "undeliverable" ? outcome : { status }) },
      "request ended",
    );
    void wait.answered.then((answered) => recorder.answered(id, answered));
    const ended = { request: wait.request, outcome, delivery: wait.delivery };
    policy.ended(ended);
    deps.onEnded?.(ended);
  }

  function refuse(submission: Submission, outcome: Outcome): Answer {
    const inspection = { shown: submission.call, secrets: undefined, warnings: [] };
    const request = { id: newId(), ...draftOf(submission, inspection, clock.now(), 0, 0) };
    return { request, outcome, answered: () => {} };
  }

  /** What ends a request before anybody is asked. */
  async function unasked(submission: Submission, wait: Wait): Promise<Outcome | undefined> {
    if (stopping) return { status: "cancelled", cause: "shutdown" };
    const standing = deps.standing();
    if (standing.kind !== "open") return { status: "refused", standing };
    return outcomeByPolicy(policy, submission, wait.request, log);
  }

  async function begin(submission: Submission, opening: Opening, wait: Wait): Promise<void> {
    wait.ended.addEventListener("abort", () => openings.remove(opening));
    const outcome = await unasked(submission, wait);
    if (outcome === undefined) await asking.send(wait);
    else await end(wait, outcome);
  }

  return {
    async request(submission, caller = {}) {
      if (stopping) return refuse(submission, { status: "cancelled", cause: "shutdown" });
      let opening: Opening | undefined;
      let isFirst = false;
      try {
        opening = openings.join(submission, clock.now());
        if (opening === undefined) {
          isFirst = true;
          opening = openings.add(submission, clock.now(), open(submission));
        }
        const wait = await opening.wait;
        const answer = wait.join(caller);
        if (isFirst) void begin(submission, opening, wait);
        return await answer;
      } catch (error) {
        if (opening !== undefined) openings.remove(opening);
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

    async resolve(id, verdict) {
      const wait = waits.get(id);
      try {
        if (wait !== undefined && clock.now() >= wait.request.expiresAt) {
          // Timers stand still while the machine sleeps; the deadline does not.
          await end(wait, { status: "expired" });
        } else if (wait !== undefined) {
          const judged = asking.judge(wait, verdict);
          if (judged.kind === "stays") return judged.resolution;
          const { outcome } = judged;
          if (await end(wait, outcome)) {
            return { kind: "decided", request: wait.request, outcome, answered: wait.answered };
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
    questionOf: (messageId) => receipts.questionOf(messageId),
    waiting: () => [...waits.values()].map(({ request }) => request),
    shut: async (standing) => {
      await Promise.all([...waits.values()].map((wait) => end(wait, { status: "refused", standing })));
    },

    async stop() {
      stopping = true;
      const open = [...waits.values()];
      await Promise.all(open.map((wait) => end(wait, { status: "cancelled", cause: "shutdown" })));
      await waitAtMost(STOP_GRACE_MS, Promise.all(open.map((wait) => wait.answered)), clock);
    },
  };
}
