// The port by which the phone runs tasks: what it shows of them is kept here, so that a list needs no look at the disk.
import type { TaskEvent, TaskFolder, TaskRunner, TaskStart, TaskView } from "../core/ports/task-runner.ts";
import type { TaskSession } from "../core/ports/task-store.ts";
import { shortTaskName, TASK_PROFILES } from "../domain/task.ts";
import type { TaskDeps } from "./contract.ts";
import type { HeldOrProblem, Sessions } from "./session-contract.ts";

/** Sessions that are remembered; the oldest go first. */
const MAX_KNOWN = 200;

/** Reads what there is. @throws when the store cannot be read */
export async function createTaskRunner(deps: TaskDeps, sessions: Sessions): Promise<TaskRunner> {
  const { store, folders } = deps;
  const known = new Map<string, TaskSession>();
  for (const session of [...(await store.listTasks({ limit: MAX_KNOWN }))].reverse()) keep(session);
  const listeners = new Set<(event: TaskEvent) => void>();
  sessions.onChange((session, kind) => {
    keep(session);
    const task = viewOf(session);
    if (kind === "changed" || task === undefined) return;
    for (const listener of [...listeners]) listener({ task, kind });
  });

  function keep(session: TaskSession): void {
    known.set(session.id, session);
    const [oldest] = known.keys();
    if (known.size > MAX_KNOWN && oldest !== undefined) known.delete(oldest);
  }

  function viewOf(session: TaskSession): TaskView | undefined {
    const { status, outcome, folder: path } = session;
    // What nobody has allowed is no task yet, or never was one.
    if (status === "refused" || status === "asking") return undefined;
    return {
      sessionId: session.id,
      short: shortTaskName(session.number),
      status: status === "completed" ? "finished" : status,
      folder: folders.find((folder) => folder.path === path) ?? { name: session.project, path },
      task: session.task,
      lastWords: outcome?.outputText || undefined,
      problem: outcome?.errors[0]?.message,
      // Nothing changes what is kept here while a turn is at work.
      startedAt: status === "running" ? session.changedAt : session.createdAt,
      endedAt: status === "running" ? undefined : session.changedAt,
    };
  }

  /** Runs what a person has allowed, and does not wait for its end. */
  function started(found: HeldOrProblem): TaskStart {
    if ("problem" in found) return { kind: "refused", problem: `was not started: ${found.problem.message}` };
    const { held } = found;
    const obstacle = sessions.obstacleIn(held.session);
    if (obstacle !== undefined) {
      void sessions.giveBack(held, { code: "changed", message: obstacle });
      return { kind: "refused", problem: `was not started: ${obstacle}` };
    }
    void sessions.run(held);
    const task = viewOf({ ...held.session, task: held.task, status: "running", outcome: undefined });
    if (task === undefined) throw new Error("a task that runs has no view");
    return { kind: "started", task };
  }

  return {
    folders: (): readonly TaskFolder[] => folders,
    list: () =>
      [...known.values()].sort((a, b) => b.number - a.number).flatMap((session) => viewOf(session) ?? []),
    find(name) {
      const wanted = name.trim().toLowerCase();
      const session = [...known.values()].find(
        ({ id, number }) => id === wanted || shortTaskName(number) === wanted,
      );
      return session && viewOf(session);
    },
    async start({ task, folder, maxTurns }, origin) {
      const most = TASK_PROFILES.general.maxTurns;
      return started(
        await sessions.begin({
          text: task,
          folder,
          profile: "general",
          workflow: "run_task",
          maxTurns: Math.min(maxTurns ?? most, most),
          requester: origin.kind === "caller" ? origin.requester : undefined,
        }),
      );
    },
    async continueSession(sessionId, message, origin) {
      const requester = origin.kind === "caller" ? origin.requester : undefined;
      return started(await sessions.goOn(sessionId, message, "continue_session", requester));
    },
    async cancel(sessionId) {
      const isStopped = sessions.stop(sessionId, "cancelled");
      // Whoever is told that it was ended must be able to rely on it.
      await sessions.ended(sessionId);
      return isStopped;
    },
    onEvent(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
