// Starting, continuing and verifying for a caller: the person is asked, always, whichever door it comes by; what was approved is
// looked at once more, and then Claude is started.
import type { GatedCalls } from "../core/gated-call.ts";
import type { TaskSession } from "../core/ports/task-store.ts";
import type { ToolCaller } from "../core/ports/tool-source.ts";
import { TASK_PROFILES } from "../domain/task.ts";
import type { Door } from "../domain/tool-call.ts";
import type { TaskDeps, VerificationOrder } from "./contract.ts";
import { changedEvidence } from "./evidence.ts";
import { keepTelling } from "./keep-telling.ts";
import type { HeldTurn } from "./live-turns.ts";
import { scopeOf, workingFolder } from "./scope.ts";
import type { HeldOrProblem, Sessions } from "./session-contract.ts";
import { noSession, type ShownSession, shownSession } from "./shown-session.ts";
import { continueWarning, startWarning, verifyWarning } from "./start-words.ts";
import { gateName, scopePaths, type TaskInput, type TaskTool, turnLimit } from "./tool-inputs.ts";

/** How long a caller waits that takes no progress, ms: below the limit after which Claude Code drops a silent call. */
const SILENT_MS = 280_000;

/** One call of a tool. */
export interface TaskCall {
  readonly tool: TaskTool;
  /** As the caller has sent it: this is what the person is shown. */
  readonly raw: Readonly<Record<string, unknown>>;
  readonly door: Door;
  readonly caller: ToolCaller;
}

export interface StartTaskDeps extends TaskDeps {
  readonly gatedCalls: GatedCalls;
  readonly sessions: Sessions;
}

interface StartTask {
  run(call: TaskCall, input: TaskInput<"agent_run_task">): Promise<ShownSession>;
  continueSession(call: TaskCall, input: TaskInput<"agent_continue_session">): Promise<ShownSession>;
  verify(call: TaskCall, input: TaskInput<"agent_verify_task">): Promise<ShownSession>;
}

export function createStartTask(deps: StartTaskDeps): StartTask {
  const { gatedCalls, sessions, store, folders, clock, log } = deps;

  async function start(
    call: TaskCall,
    found: HeldOrProblem,
    wait: boolean,
    warning: (session: TaskSession) => string,
    verification?: VerificationOrder,
  ): Promise<ShownSession> {
    if ("problem" in found) return noSession([found.problem]);
    const { held } = found;
    const { onProgress } = call.caller;
    const stopNotes = wait && onProgress !== undefined ? keepTelling(held, onProgress, deps) : () => {};
    let count = 0;
    const ended = ask(call, held, wait, warning(held.session), verification, (message) => {
      count += 1;
      if (wait) onProgress?.({ progress: count, message });
    }).finally(stopNotes);
    if (!wait) return shownSession(held.session);
    const onGone = () => void sessions.stop(held.session.id, "left");
    call.caller.signal.addEventListener("abort", onGone, { once: true });
    if (call.caller.signal.aborted) onGone();
    let cancel = () => {};
    // Whoever hears nothing meanwhile would give the call up: it gets how things stand, and asks again.
    const patience = new Promise<undefined>((resolve) => {
      if (onProgress === undefined) cancel = clock.after(SILENT_MS, () => resolve(undefined));
    });
    const session = await first(ended, patience);
    cancel();
    call.caller.signal.removeEventListener("abort", onGone);
    return shownSession(session ?? (await store.findTask(held.session.id)) ?? held.session);
  }

  /** Never rejects. */
  async function ask(
    { tool, raw, door, caller }: TaskCall,
    held: HeldTurn,
    wait: boolean,
    warning: string,
    verification: VerificationOrder | undefined,
    onNote: (line: string) => void,
  ): Promise<TaskSession> {
    const { session, signal } = held;
    const { requester, project, folder, toolUseId, maxWaitMs, asking, written } = caller;
    try {
      const answer = await gatedCalls.run<TaskSession>({
        submission: {
          call: { toolName: gateName(tool), input: raw, toolUseId },
          door,
          project: project ?? session.project,
          cwd: folder,
          requester,
          ...(wait ? { maxWaitMs } : {}),
          warnings: [warning],
          asksAlways: true,
        },
        caller: { signal, ...(wait ? { onProgress: asking.onProgress } : {}) },
        ...(wait ? { written } : {}),
        changed: () => whatChanged(session, verification),
        work: () => sessions.run(held, onNote, verification),
        problemOf: ({ outcome }) => outcome?.errors[0]?.message,
      });
      if (answer.kind === "refused")
        return await sessions.giveBack(held, { code: answer.code, message: answer.message });
      // The same call had been made already, and this is what became of it.
      if (answer.result.id !== session.id)
        await sessions.giveBack(held, {
          code: "cancelled",
          message: `The same call is session ${answer.result.id}.`,
        });
      return answer.result;
    } catch (error) {
      log.error({ err: error, task: session.id }, "a task could not be run");
      return sessions.giveBack(held, { code: "failed", message: "It failed; see the server's log." });
    }
  }

  async function whatChanged(
    session: TaskSession,
    verification: VerificationOrder | undefined,
  ): Promise<string | undefined> {
    const obstacle = sessions.obstacleIn(session);
    if (obstacle !== undefined || verification === undefined) return obstacle;
    const changed = await changedEvidence(verification.evidence);
    return changed.length === 0 ? undefined : `Evidence has changed: ${changed.join(", ")}.`;
  }

  return {
    async run(call, input) {
      const { task, system_profile: profile, working_directory, wait } = input;
      const found = await workingFolder(folders, working_directory);
      if ("problem" in found) return noSession([found.problem]);
      const maxTurns = turnLimit(input);
      const { requester } = call.caller;
      const order = {
        text: task,
        folder: found.folder,
        profile,
        workflow: "run_task",
        maxTurns,
        requester,
      } as const;
      return start(call, await sessions.begin(order), wait, startWarning);
    },

    async continueSession(call, { session_id, message, wait }) {
      const held = await sessions.goOn(session_id, message, "continue_session", call.caller.requester);
      return start(call, held, wait, continueWarning);
    },

    async verify(call, { task, scope, evidence_paths, fail_closed: failClosed, wait }) {
      const found = await scopeOf(folders, scopePaths(scope), evidence_paths);
      if ("problem" in found) return noSession([found.problem]);
      const { folder, evidence } = found;
      const text = `${task}\n\nEvidence to look at:\n${evidence.map(({ path }) => `- ${path}`).join("\n")}`;
      const held = await sessions.begin({
        ...{ text, folder, profile: "verification", workflow: "verify_task" },
        maxTurns: TASK_PROFILES.verification.maxTurns,
        requester: call.caller.requester,
      });
      return start(call, held, wait, verifyWarning, { evidence, scope: found.scope, failClosed });
    },
  };
}

/** Which comes first; neither may be left without somebody who takes its end. */
function first<T>(work: Promise<T>, other: Promise<undefined>): Promise<T | undefined> {
  return new Promise((resolve) => {
    void work.then(resolve, () => resolve(undefined));
    void other.then(resolve);
  });
}
