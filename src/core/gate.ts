// The gate: a request waits here until the phone answers, the deadline passes or the caller leaves.
// The store's conditional write settles every race; whatever is not a recorded approval is a denial.

import type { ApprovalRequest, CancelCause, Outcome } from "../domain/approval.ts";
import { named } from "../domain/approver-action.ts";
import type { Submission } from "../domain/submission.ts";
import type { ApprovalId } from "../domain/tool-call.ts";
import { createBeforeAsking } from "./before-asking.ts";
import { createEnding } from "./ending.ts";
import { expired } from "./expired.ts";
import type { Gate, GateDeps } from "./gate-contract.ts";
import { noteGrant } from "./grant-use.ts";
import { createHold } from "./hold.ts";
import { createInFlightRequests, type InFlightRequest } from "./in-flight-requests.ts";
import { keepJournals } from "./journal.ts";
import { createPendingRequest, type PendingRequest } from "./pending-request.ts";
import { askAlways, notePolicy } from "./policy.ts";
import { quorumOf, tooFewPeople } from "./quorum.ts";
import { trackReceipts } from "./receipts.ts";
import { createRecorder, type Opened } from "./record.ts";
import { createRefusals } from "./refusal.ts";
import { createRequestNotifier } from "./request-notifier.ts";
import { createSeveralApprovals } from "./several-approvals.ts";
import { createSubmit, type Taken } from "./submit.ts";
import { waitAtMost } from "./timing.ts";
import { lostFor } from "./undeliverable.ts";
import { createWaitingRequests } from "./waiting-requests.ts";
import { endUnwaited, whatBecame } from "./what-became.ts";

/** How long `stop` waits for the released callers to be written to, ms: below the 5 s that it may take. */
const STOP_GRACE_MS = 2_000;
const SHUTDOWN: Outcome = { status: "cancelled", cause: "shutdown" };

export function createGate(deps: GateDeps): Gate {
  const { store, messenger, clock, log, grants, people, policy = askAlways } = deps;
  const journal = keepJournals(deps.journals ?? [], log);
  const { refuse, refuseAfter } = createRefusals({ ...deps, journal });
  const recorder = createRecorder(deps);
  const waiting = createWaitingRequests(deps.onWaitingChange);
  const inFlight = createInFlightRequests();
  const { end, count } = createEnding({ recorder, clock, close });
  const several = createSeveralApprovals({ people, count, addressesOf: (id) => receipts.addressesOf(id) });
  const { beforehand, unasked } = createBeforeAsking({ ...deps, inFlight, closed, end });
  const take = createSubmit(deps, recorder, waiting.size, beforehand);
  const receipts = trackReceipts({ store, log, clock, onLost: lostFor(messenger), onHopeless: end });
  const onRendered = (pending: PendingRequest) => {
    const outcome = tooFewPeople(pending.request, pending.hidden, people);
    if (outcome !== undefined) void end(pending, outcome);
  };
  const notifier = createRequestNotifier({ messenger, receipts, clock, log, onRendered, onHopeless: end });
  const hold = createHold(deps, inFlight, closed);
  let stopping = false;
  /** What was denied because its record was lost. */
  let unrecorded = new Set<ApprovalId>();

  const open = async (submission: Submission) => wait(await take(submission));

  function wait({ request, leave = () => {}, outcome: decided }: Opened & Partial<Taken>): PendingRequest {
    const events = {
      over: (asked: ApprovalRequest) => messenger.over?.(asked) ?? [],
      onDeadline: () => void end(pending, expired(pending)),
      onDeserted: (cause: CancelCause) =>
        void end(pending, { status: "cancelled", cause }, pending.isDeserted),
    };
    const pending = createPendingRequest(request, clock, events, decided);
    pending.ended.addEventListener("abort", leave);
    if (decided === undefined) waiting.add(pending);
    journal.asked(pending);
    return pending;
  }

  /** @returns what waited */
  async function endAll(outcome: Outcome): Promise<readonly PendingRequest[]> {
    hold.release();
    const open = waiting.all();
    await Promise.all(open.map((pending) => end(pending, outcome)));
    return open;
  }

  function close(pending: PendingRequest, outcome: Outcome): void {
    const { id } = pending.request;
    waiting.remove(id);
    const askedAt = receipts.forget(pending);
    pending.finish(outcome);
    notePolicy(pending.request, outcome, log);
    if (outcome.status === "approved") noteGrant(pending, outcome, grants, closed());
    journal.ended(pending, outcome);
    void pending.acknowledged.then((taken) => recorder.acknowledged(id, taken));
    const ended = { request: pending.request, outcome, delivery: pending.delivery, askedAt };
    policy.ended(ended);
    messenger.ended?.(ended);
    deps.onEnded?.(ended);
  }

  /** What ends every request, whatever it is. */
  function closed(): Outcome | undefined {
    if (stopping) return SHUTDOWN;
    const mode = deps.mode();
    return mode.kind === "open" ? undefined : { status: "refused", mode };
  }

  /** @param late what ends it instead of a question, when nothing else decides it */
  async function begin(
    inFlightRequest: InFlightRequest,
    pending: PendingRequest,
    late?: Outcome,
  ): Promise<void> {
    pending.ended.addEventListener("abort", () => inFlight.remove(inFlightRequest));
    // Whoever has joined while its row was written is here after one turn.
    const decided = await pending.decided;
    if (decided !== undefined) return close(pending, decided);
    const outcome = (await unasked(inFlightRequest, pending)) ?? late;
    if (outcome !== undefined) await end(pending, outcome);
    else if (!pending.ended.aborted) await notifier.send(pending);
  }

  return {
    async request(submission, caller = {}) {
      if (stopping) return refuse(submission, SHUTDOWN);
      const joined = inFlight.join(submission, clock.elapsed());
      const isTwin = joined === undefined && closed() === undefined;
      const twin = isTwin ? inFlight.answeredTwin(submission, clock.elapsed(), grants.holds) : undefined;
      if (twin?.answer !== undefined) return { ...twin.answer, acknowledge: () => {} };
      let inFlightRequest: InFlightRequest | undefined;
      try {
        inFlightRequest = joined ?? inFlight.add(submission, clock.elapsed(), open(submission));
        const pending = await inFlightRequest.pending;
        const answer = pending.join(caller);
        if (joined === undefined) void begin(inFlightRequest, pending, twin?.late);
        return inFlight.answered(inFlightRequest, await answer);
      } catch (error) {
        if (inFlightRequest !== undefined) inFlight.remove(inFlightRequest);
        return refuseAfter(error, submission);
      }
    },

    async resolve(id, action) {
      const pending = waiting.get(id);
      if (pending !== undefined && !people.mayDecide(action.by, pending.request.project))
        return { kind: "not-yours" };
      try {
        if (pending !== undefined && pending.leftMs() === 0) {
          // Timers stand still while the machine sleeps; the deadline does not.
          await end(pending, expired(pending));
        } else if (pending !== undefined) {
          const known = named(action, people.nameOf(action.by));
          const result = several.confirmed(pending, known) ?? notifier.apply(pending, known);
          if (result.kind === "pending") return result.result;
          const { outcome } = result;
          const counted = await several.counted(pending, outcome);
          if (counted !== undefined) return counted;
          const askedAt = receipts.addressesOf(id);
          const { request, acknowledged } = pending;
          if (await end(pending, outcome))
            return { kind: "decided", request, outcome, acknowledged, askedAt };
        } else {
          await endUnwaited(id, { store, recorder, clock });
        }
        return await whatBecame(id, unrecorded.has(id), { store, recorder });
      } catch (error) {
        log.error({ id, err: error }, "a decision could not be looked up");
        return { kind: "failed" };
      }
    },

    holdBack: hold.back,
    park: (id, keeper) => (stopping ? undefined : waiting.park(id, clock.now())?.join(keeper)),
    async expire(id) {
      const late = waiting.get(id);
      if (late !== undefined) await end(late, expired(late));
    },
    reopen: (request, keeper) => wait({ request }).join(keeper),
    receipt: (receipt) => receipts.received(receipt),
    requestOf: receipts.requestOf,
    shownTo: receipts.shownTo,
    alsoSent: (id, message) => receipts.accepted(waiting.get(id), message),
    questionOf: receipts.questionOf,
    waiting: waiting.requests,
    quorumOf: (id) => quorumOf(waiting.get(id)),
    ageOf: (id) => waiting.get(id)?.ageMs(),
    shut: async (mode) => void (await endAll({ status: "refused", mode })),
    async fail(message) {
      unrecorded = new Set(waiting.requests().map(({ id }) => id));
      return (await endAll({ status: "failed", message })).length;
    },

    async stop() {
      stopping = true;
      grants.endAll("shutdown");
      // What is parked waits on without this server: its row stays as it is.
      for (const pending of waiting.all().filter((each) => each.isParked())) {
        waiting.remove(pending.request.id);
        pending.finish(SHUTDOWN);
      }
      const open = await endAll(SHUTDOWN);
      await waitAtMost(STOP_GRACE_MS, Promise.all(open.map((pending) => pending.acknowledged)), clock);
      await recorder.stop();
    },
  };
}
