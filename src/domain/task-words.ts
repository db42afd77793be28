// What the phone reads about tasks: product text.

import { count } from "./names.ts";
import type { TaskNotice, TaskShown } from "./task-notice.ts";
import { field, foreign, type Line, line, type Text, text } from "./text.ts";
import { agoText } from "./time-words.ts";

/** Lines of TASKS: a phone's screen, and what one plain message takes. */
const MAX_LISTED = 10;

const ENDED: Readonly<Record<Exclude<TaskShown["status"], "running">, string>> = {
  finished: "finished",
  failed: "failed",
  cancelled: "was ended",
  interrupted: "was interrupted",
};

export const TASKS_OFF_TEXT =
  "Nothing ran: tasks are off. TASKS=on and TASK_DIRS in the settings on the machine allow them.";

/** How a task is begun from the phone. @param folders their names */
function howToRun(folders: readonly string[]): string {
  const [first = "web-shop"] = folders;
  return `To start one: RUN ${first}: what to do. Folders: ${folders.join(", ")}.`;
}

/** Nobody can tell which folder or task is meant. */
export function runWhereText({ name, folders }: Extract<TaskNotice, { kind: "run-where" }>): Text {
  const none = name === undefined ? text`` : text`There is no folder and no task ${foreign("tool", name)}. `;
  return [...none, `Nothing ran. ${howToRun(folders)}`];
}

/** TASKS, and KILL without a task that it could mean. */
export function taskListLines({
  tasks,
  folders,
  unknown,
  now,
}: Extract<TaskNotice, { kind: "tasks" }>): readonly Line[] {
  const more = tasks.length - MAX_LISTED;
  return [
    ...(unknown === undefined
      ? []
      : [line(text`There is no task ${foreign("tool", unknown)}: nothing was ended.`)]),
    line(tasks.length === 0 ? "No tasks." : `${count(tasks.length, "task")}:`),
    ...tasks.slice(0, MAX_LISTED).map((task) => line(taskLine(task, now))),
    ...(more > 0 ? [line(`and ${more} older`)] : []),
    line(
      `${tasks.some(({ status }) => status === "running") ? "KILL and its name ends one. " : ""}${howToRun(folders)}`,
    ),
  ];
}

function taskLine(task: TaskShown, now: number): Text {
  const { short, status, startedAt, endedAt = startedAt } = task;
  const how =
    status === "running"
      ? `has run for ${agoText(now - startedAt)}`
      : `${ENDED[status]} ${agoText(now - endedAt)} ago`;
  return text`${short} ${how} in ${foreign("tool", task.folder)}: ${foreign("headline", flat(task.task))}`;
}

/** What has become of a task: the message that a reply goes on with. */
export function taskLines({
  task,
  event,
  hearsQuotes,
}: Extract<TaskNotice, { kind: "task" }>): readonly Line[] {
  const { short, status, folder, lastWords = "", problem = "" } = task;
  const project = field("Project", [foreign("project", folder)]);
  if (event === "started")
    return [
      { role: "title", text: [`${short} has started`] },
      line(text`Task: ${foreign("words", flat(task.task))}`),
      project,
    ];
  const words = flat(lastWords);
  return [
    { role: "title", text: [`${short} ${status === "running" ? "goes on" : ENDED[status]}`] },
    ...(problem === "" ? [] : [line(text`Why: ${foreign("words", flat(problem))}`)]),
    ...(words === "" ? [] : [line(text`Claude's words: ${foreign("words", words)}`)]),
    project,
    line(
      hearsQuotes ? "Reply to this message to go on with it." : `RUN ${short}: and your words go on with it.`,
    ),
  ];
}

/** What was not done with a task, or was. */
export function taskText(
  notice: Extract<TaskNotice, { kind: "task-refused" | "killed" | "forgotten" }>,
): string {
  switch (notice.kind) {
    case "task-refused":
      return `${notice.short ?? "The task"} ${notice.problem}: nothing ran.`;
    case "killed":
      return notice.wasRunning
        ? `${notice.short} was ended.`
        : `${notice.short} does not run: nothing to end.`;
    case "forgotten":
      return (
        "Nothing was sent: which message you reply to is not known any more, the server was restarted. " +
        `To a task: RUN ${notice.short}: and your words.`
      );
  }
}

/** When there is too much to tell. */
export const TASKS_QUIET_TEXT =
  "A lot is going on with tasks: for a while, not all of it is reported here. TASKS lists them.";

/** A message to read, not a call to judge: line breaks may go, or every one would show as an escape. */
function flat(words: string): string {
  return words.replaceAll(/\s+/g, " ").trim();
}
