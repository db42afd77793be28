// Who may have a session, and why one cannot be started or continued, in words for the caller.
import type { TaskProblem, TaskSession } from "../core/ports/task-store.ts";
import { isTaskRequester } from "../domain/task.ts";
import type { TaskFolder } from "../domain/task-folder.ts";

interface Obstacle {
  readonly problem: TaskProblem;
}

export const obstacle = (code: string, message: string): Obstacle => ({ problem: { code, message } });

export const NOT_FOUND = obstacle("not_found", "There is no such session.");
export const BUSY = obstacle("busy", "A turn of this session is under way: wait until it has ended.");
export const STOPPING = obstacle("cancelled", "The approval server is shutting down.");
export const NOT_RECORDED = obstacle("failed", "The session could not be recorded: nothing was started.");

/** @param parent the session whose task asks, where one does */
export function nestingProblem(
  requester: string | undefined,
  parent: TaskSession | undefined,
): Obstacle | undefined {
  const isNested = isTaskRequester(requester) && (parent === undefined || parent.parent !== undefined);
  return isNested ? obstacle("limit", "A task that a task has started cannot start another one.") : undefined;
}

/** @param isOwn whether this server has written the row */
export function continueProblem(
  session: TaskSession,
  folders: readonly TaskFolder[],
  isOwn: (session: TaskSession) => boolean,
): Obstacle | undefined {
  if (session.claudeSession === undefined)
    return obstacle("not_begun", "Claude had not begun in this session: run the task anew.");
  if (!isOwn(session))
    return obstacle(
      "not_allowed",
      "The record of this session was not written with this auth token, or was changed since: run the task anew.",
    );
  if (session.workflow === "verify_task")
    return obstacle(
      "not_allowed",
      "A verification is not continued: verify anew, with the evidence as it is now.",
    );
  return folders.some(({ path }) => path === session.folder)
    ? undefined
    : obstacle("not_allowed", `${session.folder} is no folder of TASK_DIRS any more.`);
}

/** A named token has its own, and those of nobody else; the operator has all. */
export function maySee(session: Pick<TaskSession, "requester">, requester: string | undefined): boolean {
  return requester === undefined || session.requester === requester;
}
