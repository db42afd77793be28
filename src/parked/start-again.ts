// Starts Claude again for one approved call: at most once, with a row that says so first, and only where everything is still as the
// person has read it.
import type { Answer } from "../core/pending-request.ts";
import { pause } from "../core/timing.ts";
import type { ParkedEnd } from "../domain/parked-notice.ts";
import { taskFolderAt } from "../domain/task-folder.ts";
import type { ApprovalId } from "../domain/tool-call.ts";
import type { AllowedCalls } from "./allowed-calls.ts";
import type { ParkedDeps } from "./contract.ts";

/** How long Claude's old run has to end after its call was kept back, ms: another call of the same turn may still be asked about. */
const RUN_END_MS = 10 * 60_000;
/** The same where its process is not known. */
const BLIND_END_MS = 10_000;
/** How often it is looked for, ms. */
const LOOK_MS = 250;

/** Claude's run before. */
interface RunBefore {
  readonly runEnded: { readonly promise: Promise<void> };
  readonly claudePid: number | undefined;
}

/**
 * Tells the answer's other end whether Claude has taken the call up. Never rejects.
 * @param onStart the session is about to run, and may ask about its next call
 */
export type StartAgain = (
  answer: Answer,
  before: RunBefore,
  stop: AbortSignal,
  onStart: () => void,
) => Promise<{ readonly end: ParkedEnd; readonly words: string }>;

export function createStartAgain(deps: ParkedDeps, allowed: AllowedCalls): StartAgain {
  const { store, clock, log, folders } = deps;

  /** Why it must not start now. */
  async function hindrance(
    { request }: Answer,
    before: RunBefore,
    stop: AbortSignal,
  ): Promise<string | undefined> {
    const folder = taskFolderAt(folders, request.parking?.folder);
    if (folder === undefined || !deps.isStillThere(folder))
      return "its folder is no longer the one that TASK_DIRS names";
    if (!(await hasRunEnded(before, stop)) && !stop.aborted)
      return "Claude's run before has not ended: it still waits for something";
    if (deps.mode.current().kind !== "open") return "approvals were stopped meanwhile";
    if (stop.aborted) return "the approval server was stopped meanwhile";
    const isFirst = await store.startParked(request.id, clock.now()).catch((error: unknown) => {
      log.error({ id: request.id, err: error }, "that Claude is started could not be recorded: it is not");
      return false;
    });
    return isFirst ? undefined : "that it starts could not be recorded";
  }

  /** Two runs of one session would write into one transcript. */
  async function hasRunEnded({ runEnded, claudePid }: RunBefore, stop: AbortSignal): Promise<boolean> {
    let isOver = false;
    void runEnded.promise.then(() => {
      isOver = true;
    });
    // What is known already.
    await Promise.resolve();
    const until = clock.elapsed() + (claudePid === undefined ? BLIND_END_MS : RUN_END_MS);
    const goesOn = () => (claudePid === undefined ? !isOver : deps.isRunning(claudePid));
    while (goesOn() && clock.elapsed() < until && !stop.aborted)
      await pause(LOOK_MS, clock, stop).catch(() => {});
    return claudePid === undefined || !goesOn();
  }

  async function note(id: ApprovalId, run: Parameters<ParkedDeps["store"]["recordRun"]>[1]): Promise<void> {
    await store.recordRun(id, run).catch((error: unknown) => {
      log.error({ id, err: error }, "how a resumed session ended could not be recorded");
    });
  }

  return async (answer, before, stop, onStart) => {
    const { request, acknowledge } = answer;
    const { id, parking, requester, call } = request;
    const why = await hindrance(answer, before, stop);
    if (why !== undefined || parking === undefined || call.toolUseId === undefined) {
      acknowledge(false);
      return { end: "not-started", words: why ?? "" };
    }
    const startedAt = clock.now();
    await note(id, { startedAt });
    onStart();
    let isTaken = false;
    const onTaken = () => {
      if (!isTaken) acknowledge(true);
      isTaken = true;
    };
    allowed.note(answer, { onTaken });
    log.info(
      { id, folder: parking.folder, session: parking.sessionId },
      "Claude is started for a parked request",
    );
    const result = await deps.resume({ parking, toolUseId: call.toolUseId, requester, signal: stop });
    allowed.forget(id);
    if (!isTaken) acknowledge(false);
    const end = isTaken && result.end === "not-run" ? "unknown" : result.end;
    const ok = end === "finished";
    await note(id, { startedAt, endedAt: clock.now(), ok, ...(ok ? {} : { problem: end }) });
    return { end, words: result.words };
  };
}
