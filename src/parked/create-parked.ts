// Parked requests: a call of `claude -p` is asked about before Claude Code's own permission step; when nobody answers in time, Claude
// Code is told to keep the call back, its run ends, and the request waits on. See docs/decisions/0032.
import type { Gate } from "../core/gate-contract.ts";
import type { Answer } from "../core/pending-request.ts";
import type { AheadAnswer, CallAhead } from "../core/ports/parked-calls.ts";
import { deferred, waitAtMost } from "../core/timing.ts";
import { decisionOf } from "../domain/decision.ts";
import { denialText } from "../domain/denial.ts";
import { isSessionId, isToolUseId, type Parking } from "../domain/parking.ts";
import { isTaskRequester } from "../domain/task.ts";
import { taskFolderAt } from "../domain/task-folder.ts";
import type { ApprovalId } from "../domain/tool-call.ts";
import { createAllowedCalls } from "./allowed-calls.ts";
import type { ParkedDeps, ParkedRequests } from "./contract.ts";
import { createKeeper } from "./keeper.ts";
import { takeOver } from "./left-over.ts";
import { createStartAgain } from "./start-again.ts";
import { createParkedTelling } from "./tell.ts";

/** A path that a message shows whole, UTF-16 units. */
const MAX_FOLDER = 200;
const NO_OPINION: AheadAnswer = { kind: "no-opinion" };

export function createParked(deps: ParkedDeps): ParkedRequests {
  const { gate, clock, log, times } = deps;
  const allowed = createAllowedCalls(clock);
  const tell = createParkedTelling(deps);
  const keeper = createKeeper(deps, createStartAgain(deps, allowed), tell);
  deps.mode.onClose(({ kind }) => {
    // As with grants: what was allowed before holds no longer.
    allowed.forgetAll();
    if (kind === "panic") keeper.endAll();
  });
  const isOpen = () => deps.mode.current().kind === "open";

  /** How this call could wait on; undefined where it cannot. */
  async function parkingOf({ submission, claudePid }: CallAhead): Promise<Parking | undefined> {
    const { sessionId, startedIn } = submission;
    const folder = taskFolderAt(deps.folders, startedIn);
    if (times === undefined || folder === undefined || !isSessionId(sessionId)) return undefined;
    // A task is held to its turn, its number and KILL, and what is resumed to none of them.
    if (isTaskRequester(submission.requester)) return undefined;
    if (folder.path.length > MAX_FOLDER || !deps.isStillThere(folder)) return undefined;
    if (!(await deps.wouldAsk(submission, claudePid))) return undefined;
    return { sessionId, folder: folder.path, ...times };
  }

  async function ask(call: CallAhead, parking: Parking): Promise<AheadAnswer> {
    const { submission, signal, written, claudePid } = call;
    const known = deferred<ApprovalId | undefined>();
    const own = new AbortController();
    const follow = () => own.abort(signal.reason);
    signal.addEventListener("abort", follow, { once: true });
    if (signal.aborted) follow();
    let answer: Answer | undefined;
    const asked = gate
      .request(
        { ...submission, parking },
        { signal: own.signal, onProgress: ({ request }) => known.resolve(request.id) },
      )
      .then((each) => {
        answer = each;
        known.resolve(undefined);
        return each;
      });
    const id = await known.promise;
    await waitAtMost(parking.afterMs, asked, clock);
    if (answer === undefined && id !== undefined && !signal.aborted) {
      const here = keeper.of(parking.sessionId);
      const kept = here?.id === id ? here : await keeper.park(id, claudePid);
      if (kept !== undefined) {
        // The keeper waits in its place.
        own.abort();
        void written.then((isWritten) => (isWritten ? undefined : kept.giveUp("disconnected")));
        return { kind: "defer" };
      }
      await gate.expire(id);
    }
    const { request, outcome, acknowledge } = await asked;
    void written.then(acknowledge);
    const decision = decisionOf(request, outcome);
    if (decision.behavior === "allow") {
      allowed.note({ request, outcome });
      // This entrance has had it.
      allowed.take(submission, AHEAD);
      return { kind: "allow" };
    }
    if (outcome.status !== "expired") return { kind: "deny", message: decision.message };
    // Claude has waited for less than the request could have.
    const expiresAt = request.createdAt + parking.afterMs;
    return { kind: "deny", message: denialText({ ...request, expiresAt }, outcome) };
  }

  const request: Gate["request"] = async (submission, caller) => {
    const { door, hookOf = "" } = submission;
    if (door !== "mcp" && door !== "hook") return gate.request(submission, caller);
    const answer = isOpen() ? allowed.take(submission, `${door} ${hookOf}`) : undefined;
    if (answer !== undefined) return { ...answer, acknowledge: () => {} };
    // Claude Code did not keep it back: whoever waits for it now is to have the answer, and nothing is resumed.
    const kept = keeper.find(submission);
    if (kept !== undefined) await kept.giveUp("withdrawn");
    return gate.request(submission, caller);
  };

  return {
    gate: {
      ...gate,
      request,
      async stop() {
        // First: what is let go then is to be left as it is.
        keeper.leave();
        await gate.stop();
      },
    },
    async ahead(call) {
      try {
        const { submission } = call;
        if (!isOpen() || !isToolUseId(submission.call.toolUseId)) return NO_OPINION;
        if (allowed.take(submission, AHEAD) !== undefined) return { kind: "allow" };
        const kept = keeper.of(submission.sessionId);
        if (kept !== undefined) return kept.isCall(submission.call) ? { kind: "defer" } : NO_OPINION;
        const parking = await parkingOf(call);
        return parking === undefined || call.signal.aborted ? NO_OPINION : await ask(call, parking);
      } catch (error) {
        log.error({ err: error }, "a call could not be asked about ahead of Claude Code's own step");
        return NO_OPINION;
      }
    },
    passed: allowed.passed,
    runEnded: keeper.runEnded,
    reopen: () => takeOver(deps, keeper, tell),
    stop: keeper.stop,
  };
}

const AHEAD = "ahead";
