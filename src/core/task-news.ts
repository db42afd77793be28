// Tells every approver what becomes of tasks, and remembers of each message which task it is about: a reply to it goes on with
// that. Not more than a phone can bear: many tasks must not bury the requests.

import type { Notice } from "../domain/notice.ts";
import type { TaskShown } from "../domain/task-notice.ts";
import type { Phone } from "../domain/tool-call.ts";
import type { Addressed } from "./addressed.ts";
import type { People } from "./people.ts";
import type { Clock } from "./ports/clock.ts";
import type { Log } from "./ports/log.ts";
import type { Messenger } from "./ports/messenger.ts";
import type { TaskEvent, TaskView } from "./ports/task-runner.ts";

/** Within this time, ms, so many messages about tasks; a beginning gives way to the ends. */
const WINDOW_MS = 10 * 60_000;
const MAX_STARTED = 6;
const MAX_TOLD = 12;

export interface TaskNewsDeps {
  readonly messenger: Pick<Messenger, "tell">;
  readonly addressed: Pick<Addressed, "note">;
  readonly people: Pick<People, "toTell" | "toTellOf">;
  /** Whether a reply tells which message it quotes: one that is fetched does not. */
  readonly hearsQuotes: boolean;
  readonly clock: Clock;
  readonly log: Log;
}

export interface TaskNews {
  tell(event: TaskEvent): void;
  /** Does what ends a task; the one who has it ended is told otherwise. */
  quietly<Result>(sessionId: string, by: Phone, end: () => Promise<Result>): Promise<Result>;
}

export function createTaskNews(deps: TaskNewsDeps): TaskNews {
  const { messenger, addressed, people, hearsQuotes, clock, log } = deps;
  let toldAt: readonly number[] = [];
  let isQuiet = false;
  const endedBy = new Map<string, Phone>();

  function send(notice: Notice, phones: readonly Phone[], subject?: string): void {
    for (const phone of phones) {
      messenger
        .tell(phone, notice)
        .then((messageId) => subject !== undefined && addressed.note(messageId, { kind: "task", subject }))
        .catch((err: unknown) => log.warn({ err }, "what became of a task could not be told"));
    }
  }

  return {
    tell({ task, kind }) {
      const now = clock.elapsed();
      toldAt = toldAt.filter((at) => now - at < WINDOW_MS);
      if (toldAt.length < MAX_STARTED) isQuiet = false;
      if (toldAt.length >= (kind === "started" ? MAX_STARTED : MAX_TOLD)) {
        if (!isQuiet) send({ kind: "tasks-quiet" }, people.toTell());
        isQuiet = true;
        return;
      }
      toldAt = [...toldAt, now];
      const by = kind === "ended" ? endedBy.get(task.sessionId) : undefined;
      const others = people.toTellOf(task.folder.name).filter((phone) => phone !== by);
      send({ kind: "task", task: shownTask(task), event: kind, hearsQuotes }, others, task.sessionId);
    },
    async quietly(sessionId, by, end) {
      endedBy.set(sessionId, by);
      try {
        return await end();
      } finally {
        endedBy.delete(sessionId);
      }
    },
  };
}

/** As phones are told of it. */
export function shownTask({
  short,
  status,
  folder,
  task,
  lastWords,
  problem,
  startedAt,
  endedAt,
}: TaskView): TaskShown {
  return { short, status, folder: folder.name, task, lastWords, problem, startedAt, endedAt };
}
