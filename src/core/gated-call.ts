// A call that this server itself runs once it is approved: a tool of another MCP server, a script, a task. The gate is asked
// first, what is approved is looked at once more, and then it runs: once, and with a row that says so.

import type { Approved, RunNote } from "../domain/approval.ts";
import { decisionOf } from "../domain/decision.ts";
import { type Refusal, reasonOf } from "../domain/reason-code.ts";
import type { ClosedMode } from "../domain/service-mode.ts";
import type { Submission } from "../domain/submission.ts";
import type { ApprovalId } from "../domain/tool-call.ts";
import type { Gate } from "./gate-contract.ts";
import type { ModeKeeper } from "./mode.ts";
import { createModeWatch, type ModeWatch, takenBackText } from "./mode-watch.ts";
import type { OwnTools } from "./own-tools.ts";
import type { Answer, Caller } from "./pending-request.ts";
import type { Clock } from "./ports/clock.ts";
import type { Log } from "./ports/log.ts";
import type { RequestStore } from "./ports/request-store.ts";

/** Requests that are remembered as run: a repeat of a call joins it, and must not run it again. */
const MAX_REMEMBERED = 1_000;
/** What is kept of how a call failed, UTF-16 units. */
const MAX_PROBLEM = 300;

/** What a call may run with. */
export interface Approval {
  readonly id: ApprovalId;
  readonly by: Approved["by"];
  readonly signal: AbortSignal;
  /** For work that can be told to stop: aborts with that one, and where PANIC comes while it runs. */
  readonly stopped: AbortSignal;
  /** For work that waits for its turn: what a pause or a panic has since made of the approval; undefined: it still counts. */
  takenBack(): ClosedMode["kind"] | undefined;
}

interface GatedCall<Result> {
  readonly submission: Omit<Submission, "executor">;
  readonly caller: Caller;
  /** Resolves true once the caller was handed what it is told, false when it had gone. Default: it was. */
  readonly written?: Promise<boolean> | undefined;
  /** Looks once more, after the approval. @returns what has changed since it was asked about, as a sentence; undefined: nothing */
  changed?(): Promise<string | undefined> | string | undefined;
  /** Runs it. @param signal the caller's: aborts when nobody waits for the result any longer */
  work(approved: Approval): Promise<Result>;
  /** How a result that came is to be recorded. Default: as done. @returns how it failed */
  problemOf?(result: Result): string | undefined;
}

type GatedResult<Result> =
  | { readonly kind: "ran"; readonly id: ApprovalId; readonly result: Result }
  | Refusal;

export interface GatedCalls {
  /** Asks, and runs what was approved. @throws what `work` throws, after it was recorded */
  run<Result>(call: GatedCall<Result>): Promise<GatedResult<Result>>;
}

export interface GatedCallDeps {
  readonly gate: Pick<Gate, "request">;
  readonly store: Pick<RequestStore, "recordRun">;
  /** Claude Code's permission steps: what was approved there is not asked again. Default: each call asks. */
  readonly ownTools?: Pick<OwnTools, "take"> | undefined;
  /** What was approved before a pause or a panic, and has not begun, does not begin any more. */
  readonly mode: Pick<ModeKeeper, "onClose">;
  readonly clock: Clock;
  readonly log: Log;
}

export function createGatedCalls({ gate, store, ownTools, mode, clock, log }: GatedCallDeps): GatedCalls {
  const runs = new Map<ApprovalId, Promise<unknown>>();
  const watched = createModeWatch(mode);

  /** Whoever joins a request that runs, or has run, gets the same result. */
  function once<Result>(id: ApprovalId, begin: () => Promise<Result>): Promise<Result> {
    const known = runs.get(id);
    if (known !== undefined) return known as Promise<Result>;
    const begun = begin();
    runs.set(id, begun);
    const [oldest] = runs.keys();
    if (runs.size > MAX_REMEMBERED && oldest !== undefined) runs.delete(oldest);
    return begun;
  }

  async function begin<Result>(
    call: GatedCall<Result>,
    { request, acknowledge }: Answer,
    by: Approved["by"],
    watch: ModeWatch,
  ): Promise<GatedResult<Result>> {
    const { id } = request;
    const takenBack = () => watch.closed;
    const startedAt = clock.now();
    const refuse = (code: Refusal["code"], message: string): Refusal => {
      acknowledge(false);
      log.warn({ id, code }, "an approved call was not run");
      return { kind: "refused", code, message, id };
    };
    const { signal = new AbortController().signal } = call.caller;
    const changed = await whatChanged(call);
    if (changed !== undefined)
      return refuse("changed", `${changed} It was approved, and did not run. Ask again.`);
    if (signal.aborted) return refuse("cancelled", "Its caller had gone before it began. It did not run.");
    const closed = takenBack();
    if (closed !== undefined) return refuse(closed, takenBackText(closed));
    try {
      if (!(await store.recordRun(id, { startedAt })))
        throw new Error("the record of the request was changed");
    } catch (error) {
      log.error({ id, err: error }, "that a call begins could not be recorded: it does not run");
      return refuse("failed", "That it begins could not be recorded. It was approved, and did not run.");
    }
    const ended = (problem: string | undefined): RunNote => ({
      startedAt,
      endedAt: clock.now(),
      ok: problem === undefined,
      ...(problem === undefined ? {} : { problem: problem.slice(0, MAX_PROBLEM) }),
    });
    const closedNow = takenBack();
    if (closedNow !== undefined) {
      await note(id, ended(takenBackText(closedNow)));
      return refuse(closedNow, takenBackText(closedNow));
    }
    acknowledge(true);
    const { stopped } = watch;
    const follow = () => stopped.abort();
    signal.addEventListener("abort", follow, { once: true });
    if (signal.aborted) follow();
    try {
      const result = await call.work({ id, by, signal, stopped: stopped.signal, takenBack });
      await note(id, ended(call.problemOf?.(result)));
      return { kind: "ran", id, result };
    } catch (error) {
      await note(id, ended(error instanceof Error ? error.message : "it failed"));
      throw error;
    } finally {
      signal.removeEventListener("abort", follow);
    }
  }

  async function note(id: ApprovalId, run: RunNote): Promise<void> {
    await store.recordRun(id, run).catch((error: unknown) => {
      log.error({ id, err: error }, "how a call ended could not be recorded");
    });
  }

  return {
    run: <Result>(call: GatedCall<Result>) =>
      watched<GatedResult<Result>>(async (watch) => {
        const submission: Submission = { ...call.submission, executor: "server" };
        const step = ownTools?.take(submission);
        const answer =
          step === undefined
            ? await gate.request(submission, call.caller)
            : { ...step, acknowledge: () => {} };
        const { request, outcome } = answer;
        if (outcome.status === "approved") {
          const begun = once(request.id, () => begin(call, answer, outcome.by, watch));
          // Whoever has joined reports as well: until everybody has, the phone would hear nothing.
          void begun
            .then(({ kind }) => answer.acknowledge(kind === "ran"))
            .catch(() => answer.acknowledge(true));
          return begun;
        }
        void (call.written ?? Promise.resolve(true)).then(answer.acknowledge);
        const decision = decisionOf(request, outcome);
        const message = decision.behavior === "deny" ? decision.message : "";
        return { kind: "refused", code: reasonOf(outcome), message, id: request.id };
      }),
  };
}

/** In doubt it has changed. */
async function whatChanged(call: Pick<GatedCall<unknown>, "changed">): Promise<string | undefined> {
  try {
    return await call.changed?.();
  } catch {
    return "Whether it is still what was asked about could not be seen.";
  }
}
