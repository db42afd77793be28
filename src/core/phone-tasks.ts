// Tasks from the phone: RUN asks once more, as a request of its own, a reply to a task's message has it go on, KILL ends it.
// Whoever knows more than the phone has shown gains nothing: what runs is what was asked about, through the gate.

import type { Notice } from "../domain/notice.ts";
import { CONTINUE_TOOL, RUN_TASK_TOOL } from "../domain/phone-requests.ts";
import { isRunWithoutColon, type TaskCommand } from "../domain/task-command.ts";
import type { TaskNotice } from "../domain/task-notice.ts";
import type { Phone } from "../domain/tool-call.ts";
import type { Addressed, Words } from "./addressed.ts";
import type { GatedCalls } from "./gated-call.ts";
import type { People } from "./people.ts";
import { createPhoneWork } from "./phone-work.ts";
import type { Clock } from "./ports/clock.ts";
import type { Log } from "./ports/log.ts";
import type { Messenger } from "./ports/messenger.ts";
import type { TaskFolder, TaskRunner, TaskStart, TaskView } from "./ports/task-runner.ts";
import { createTaskNews, shownTask } from "./task-news.ts";
import { deferred } from "./timing.ts";

export interface PhoneTasks {
  /** Who runs tasks from now on. @returns ends that */
  serve(runner: TaskRunner): () => void;
  /** Carries out a command. @param follow as of `PhoneCommandRunner` @returns what to say; undefined where that is told otherwise */
  run(command: TaskCommand, by: Phone, follow?: (told: Promise<void>) => void): Promise<Notice | undefined>;
  /** Ends all that runs. */
  endAll(): Promise<void>;
  /**
   * What is said to words that changed nothing; undefined where they are not about a task.
   * @param isForgotten in reply to a message of which nobody knows what it was about
   */
  hint(text: string, isForgotten: boolean): Notice | undefined;
}

export interface PhoneTasksDeps {
  readonly gatedCalls: GatedCalls;
  readonly messenger: Pick<Messenger, "tell">;
  readonly addressed: Addressed;
  readonly people: Pick<People, "toTell" | "toTellOf">;
  /** Whether a reply tells which message it quotes: one that is fetched does not. */
  readonly hearsQuotes: boolean;
  readonly clock: Clock;
  readonly log: Log;
}

export function createPhoneTasks(deps: PhoneTasksDeps): PhoneTasks {
  const { addressed, messenger, clock, log } = deps;
  const ask = createPhoneWork(deps.gatedCalls);
  const news = createTaskNews(deps);
  let runner: TaskRunner | undefined;
  let panics = 0;

  /** Starts it, and ends it where everything was stopped while it began. */
  async function unlessStopped(engine: TaskRunner, start: () => Promise<TaskStart>): Promise<TaskStart> {
    const before = panics;
    const started = await start();
    if (started.kind === "started" && panics !== before) await engine.cancel(started.task.sessionId);
    return started;
  }

  const names = () => runner?.folders().map(({ name }) => name) ?? [];
  const list = (unknown?: string): TaskNotice => {
    const tasks = (runner?.list() ?? []).map(shownTask);
    return {
      kind: "tasks",
      tasks,
      folders: names(),
      now: clock.now(),
      ...(unknown === undefined ? {} : { unknown }),
    };
  };

  function begin(
    engine: TaskRunner,
    folder: TaskFolder,
    task: string,
    onAsked: () => void,
  ): Promise<Notice | undefined> {
    const isThere = () =>
      engine.folders().some(({ name, path }) => name === folder.name && path === folder.path);
    return ask({
      command: `RUN ${folder.name}`,
      call: { toolName: RUN_TASK_TOOL, input: { task, working_directory: folder.path } },
      folder,
      onAsked,
      changed: () => (isThere() ? undefined : "Its folder is no longer one that tasks may run in."),
      start: (phone) => unlessStopped(engine, () => engine.start({ task, folder }, { kind: "phone", phone })),
    });
  }

  async function goOn(
    engine: TaskRunner,
    task: TaskView,
    message: string,
    by: { readonly approvedBy: Phone } | { onAsked(): void },
  ): Promise<Notice | undefined> {
    const { sessionId, short, folder } = task;
    if (engine.find(sessionId)?.status === "running") return busy(short);
    return ask({
      command: short,
      call: { toolName: CONTINUE_TOOL, input: { session_id: sessionId, message } },
      folder,
      ...by,
      changed: () => (engine.find(sessionId)?.status === "running" ? "It works again already." : undefined),
      start: (phone) =>
        unlessStopped(engine, () => engine.continueSession(sessionId, message, { kind: "phone", phone })),
    });
  }

  async function runNamed(
    engine: TaskRunner,
    name: string,
    task: string,
    onAsked: () => void,
  ): Promise<Notice | undefined> {
    const wanted = name.toLowerCase();
    const folders = engine.folders();
    // Exactly that, or but for its case the only one.
    const alike = folders.filter((each) => each.name.toLowerCase() === wanted);
    const folder = folders.find((each) => each.name === name) ?? (alike.length === 1 ? alike[0] : undefined);
    if (folder !== undefined) return begin(engine, folder, task, onAsked);
    const session = engine.find(wanted);
    return session === undefined
      ? { kind: "run-where", name, folders: names() }
      : goOn(engine, session, task, { onAsked });
  }

  async function kill(engine: TaskRunner, name: string | undefined, by: Phone): Promise<Notice> {
    const task = name === undefined ? undefined : engine.find(name);
    if (task === undefined) return list(name);
    const wasRunning = await news.quietly(task.sessionId, by, () => engine.cancel(task.sessionId));
    return { kind: "killed", short: task.short, wasRunning };
  }

  async function receive({ subject, text, from }: Words): Promise<Notice | undefined> {
    if (runner === undefined) return { kind: "tasks-off" };
    const task = runner.find(subject);
    const message = text.trim();
    if (task === undefined || message === "") return list();
    return goOn(runner, task, message, { approvedBy: from });
  }

  addressed.serve("task", {
    receive: (words) =>
      receive(words).catch((err: unknown) => {
        log.error({ err }, "words to a task could not be handed on");
        return { kind: "task-refused", problem: "could not be reached" } as const;
      }),
  });

  return {
    serve(engine) {
      runner = engine;
      const stop = engine.onEvent((event) => news.tell(event));
      return () => {
        stop();
        if (runner === engine) runner = undefined;
      };
    },
    async run(command, by, follow) {
      if (runner === undefined) return { kind: "tasks-off" };
      if (command.kind === "tasks") return list();
      if (command.kind === "kill") return kill(runner, command.name, by);
      const { promise: told, resolve: onTold } = deferred<void>();
      follow?.(told);
      // It waits for a tap: what comes of it is told when it comes.
      void runNamed(runner, command.name, command.task, onTold)
        .catch((err: unknown): Notice => {
          log.error({ err }, "a task could not be started from the phone");
          return { kind: "task-refused", problem: "could not be started" };
        })
        .then(async (notice) => notice && void (await messenger.tell(by, notice)))
        .catch((err: unknown) => log.warn({ err }, "what became of RUN could not be told"))
        .finally(onTold);
      return undefined;
    },
    async endAll() {
      panics += 1;
      const running = (runner?.list() ?? []).filter(({ status }) => status === "running");
      await Promise.all(running.map(({ sessionId }) => runner?.cancel(sessionId)));
    },
    hint(text, isForgotten) {
      if (runner === undefined) return undefined;
      if (isRunWithoutColon(text)) return { kind: "run-where", folders: names() };
      const last = isForgotten ? runner.list().find(({ status }) => status !== "running") : undefined;
      return last && { kind: "forgotten", short: last.short };
    },
  };
}

function busy(short: string): Notice {
  return { kind: "task-refused", short, problem: "is still at work" };
}
