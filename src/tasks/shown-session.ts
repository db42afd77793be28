// A session as its caller gets it: the same keys from every tool and route.
import { z } from "zod";
import type { TaskNote, TaskProblem, TaskSession } from "../core/ports/task-store.ts";
import { SESSION_STATUSES, shortTaskName, TASK_VERDICTS } from "../domain/task.ts";

const problem = z.strictObject({ code: z.string(), message: z.string() });

export const sessionSchema = z.strictObject({
  ok: z
    .boolean()
    .describe("Whether it went as asked. Of a verification: only a pass, with restrictions or without."),
  session_id: z.string().optional().describe("Absent where there is no session."),
  status: z
    .enum(SESSION_STATUSES)
    .describe(
      "asking: a person is asked. running: Claude works. interrupted: can be continued. refused: it never began.",
    ),
  workflow: z.enum(["run_task", "continue_session", "verify_task"]).optional(),
  profile: z.enum(["general", "verification"]).optional(),
  summary: z.string(),
  result: z.strictObject({
    output_text: z.string().describe("Claude's last words, recognised secrets masked."),
    verdict: z.enum(TASK_VERDICTS).optional().describe("Of a verification that has ended."),
  }),
  artifacts: z.array(z.strictObject({ name: z.string(), path: z.string(), bytes: z.int() })),
  warnings: z.array(z.string()),
  errors: z.array(problem),
  name: z.string().optional().describe("What the phone calls it: s3."),
  working_directory: z.string().optional(),
  task: z.string().optional().describe("What was asked for, recognised secrets masked."),
  turn: z.int().optional(),
  created_at: z.iso.datetime().optional(),
  changed_at: z.iso.datetime().optional(),
  events: z
    .array(z.strictObject({ at: z.iso.datetime(), kind: z.string(), text: z.string() }))
    .optional()
    .describe("The last of what happened, oldest first."),
});
export type ShownSession = z.infer<typeof sessionSchema>;

export const sessionsSchema = z.strictObject({
  ok: z.boolean(),
  sessions: z.array(sessionSchema).describe("Newest first; texts are cut."),
  errors: z.array(problem),
});

/** In a list, UTF-16 units. */
const MAX_LISTED_TEXT = 500;

export function shownSession(session: TaskSession, events?: readonly TaskNote[]): ShownSession {
  const { id, status, workflow, profile, outcome, number, folder, task, turn } = session;
  const isUnderWay = status === "asking" || status === "running";
  // What the turn before came to is no answer to this one.
  const last = isUnderWay ? undefined : outcome;
  return {
    ok: isOk(session),
    session_id: id,
    status,
    workflow,
    profile,
    summary: last?.summary ?? SUMMARIES[status] ?? "",
    result: {
      output_text: last?.outputText ?? "",
      ...(last?.verdict === undefined ? {} : { verdict: last.verdict }),
    },
    artifacts: [...(last?.artifacts ?? [])],
    warnings: [...(last?.warnings ?? [])],
    errors: [...(last?.errors ?? [])],
    name: shortTaskName(number),
    working_directory: folder,
    task,
    turn,
    created_at: isoTime(session.createdAt),
    changed_at: isoTime(session.changedAt),
    ...(events === undefined
      ? {}
      : { events: events.map(({ at, kind, text }) => ({ at: isoTime(at), kind, text })) }),
  };
}

export function listedSession(session: TaskSession): ShownSession {
  const shown = shownSession(session);
  const { output_text, ...rest } = shown.result;
  return { ...shown, task: cut(session.task), result: { ...rest, output_text: cut(output_text) } };
}

/** Of a call that has no session. */
export function noSession(errors: readonly TaskProblem[]): ShownSession {
  return {
    ok: false,
    status: "refused",
    summary: errors.map(({ message }) => message).join(" "),
    result: { output_text: "" },
    artifacts: [],
    warnings: [],
    errors: [...errors],
  };
}

/** A verification is never "ok" before it has passed. */
function isOk({ status, workflow, outcome }: TaskSession): boolean {
  if (workflow === "verify_task")
    return (
      status === "completed" && (outcome?.verdict === "pass" || outcome?.verdict === "pass_with_restrictions")
    );
  return status === "completed" || status === "running" || status === "asking";
}

const SUMMARIES: Readonly<Partial<Record<TaskSession["status"], string>>> = {
  asking: "A person is asked on the phone.",
  running: "Claude works on it.",
  interrupted: "It was interrupted, and can be continued.",
  refused: "It was not begun.",
};

function cut(text: string): string {
  return text.length <= MAX_LISTED_TEXT ? text : `${text.slice(0, MAX_LISTED_TEXT - 1)}…`;
}

function isoTime(at: number): string {
  return new Date(at).toISOString();
}
