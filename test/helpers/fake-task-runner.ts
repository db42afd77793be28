// A runner of tasks in the test's hands: what it was told to start, and what becomes of it when the test says so.
import type {
  TaskEvent,
  TaskOrigin,
  TaskRunner,
  TaskStart,
  TaskStatus,
  TaskView,
} from "../../src/core/ports/task-runner.ts";

export interface FakeTaskRunner extends TaskRunner {
  /** What was started and continued, in order. */
  readonly begun: { readonly words: string; readonly folder: string; readonly origin: TaskOrigin }[];
  /** Ends what runs under that name. */
  finish(short: string, status?: TaskStatus, lastWords?: string): void;
  /** The folders are others from now on. */
  setFolders(names: readonly string[]): void;
}

export function createFakeTaskRunner(folderNames: readonly string[] = ["web-shop", "api"]): FakeTaskRunner {
  let names = folderNames;
  const tasks = new Map<string, TaskView>();
  const listeners = new Set<(event: TaskEvent) => void>();
  const begun: FakeTaskRunner["begun"] = [];
  const emit = (event: TaskEvent) => listeners.forEach((listener) => void listener(event));
  const folders = () => names.map((name) => ({ name, path: `/code/${name}` }));
  const find = (name: string) =>
    [...tasks.values()].find(({ short, sessionId }) => [short, sessionId].includes(name.toLowerCase()));

  function begin(task: TaskView, words: string, origin: TaskOrigin): TaskStart {
    begun.push({ words, folder: task.folder.path, origin });
    tasks.set(task.sessionId, task);
    emit({ task, kind: "started" });
    return { kind: "started", task };
  }

  function end(task: TaskView, status: TaskStatus, lastWords?: string): void {
    const ended = { ...task, status, endedAt: task.startedAt + 60_000, lastWords };
    tasks.set(task.sessionId, ended);
    emit({ task: ended, kind: "ended" });
  }

  return {
    begun,
    folders,
    find,
    list: () => [...tasks.values()].reverse(),
    async start({ task, folder }, origin) {
      const number = tasks.size + 1;
      const view = {
        sessionId: `sess_${number}`,
        short: `s${number}`,
        status: "running",
        folder,
        task,
      } as const;
      return begin({ ...view, startedAt: 1_700_000_000_000 }, task, origin);
    },
    async continueSession(sessionId, message, origin) {
      const task = find(sessionId);
      if (task === undefined) return { kind: "refused", problem: "was not found" };
      return begin({ ...task, status: "running", task: message, lastWords: undefined }, message, origin);
    },
    async cancel(sessionId) {
      const task = find(sessionId);
      if (task?.status !== "running") return false;
      end(task, "cancelled");
      return true;
    },
    onEvent(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    finish(short, status = "finished", lastWords = "All tests pass.") {
      const task = find(short);
      if (task === undefined) throw new Error(`there is no task ${short}`);
      end(task, status, lastWords);
    },
    setFolders(next) {
      names = next;
    },
  };
}
