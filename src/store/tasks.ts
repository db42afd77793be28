// The sessions of tasks. One turn at a time: a conditional UPDATE takes it, and only that turn may write.
import type Database from "better-sqlite3";
import type {
  NewTaskSession,
  TaskChange,
  TaskNote,
  TaskOutcome,
  TaskSession,
  TaskStore,
} from "../core/ports/task-store.ts";
import type { SessionStatus, TaskProfile, TaskWorkflow } from "../domain/task.ts";
import type { EventWriter } from "./events.ts";
import { keep } from "./open-database.ts";

/** Events of one session that are kept. */
const MAX_EVENTS = 500;

interface TaskRow {
  readonly number: number;
  readonly id: string;
  readonly status: string;
  readonly profile: string;
  readonly workflow: string;
  readonly folder: string;
  readonly project: string;
  readonly task: string;
  readonly max_turns: number;
  readonly requester: string | null;
  readonly parent: string | null;
  readonly claude_session: string | null;
  readonly seal: string | null;
  readonly turn: number;
  readonly asked: number;
  readonly created_at: number;
  readonly changed_at: number;
  readonly outcome: string | null;
}

const UNDER_WAY = "status IN ('asking', 'running')";

export function prepareTaskStatements(db: Database.Database) {
  const prepared = <P extends unknown[] | object, R = unknown>(source: string) =>
    keep(db.prepare<P, R>(source));
  return {
    addTask: prepared<object>(
      `INSERT INTO tasks (id, status, profile, workflow, folder, project, task, max_turns, requester, parent, turn, held_until, created_at, changed_at)
       VALUES (@id, @status, @profile, @workflow, @folder, @project, @task, @maxTurns, @requester, @parent, 1, @until, @createdAt, @createdAt)`,
    ),
    claimTask: prepared<object>(
      `UPDATE tasks SET status = 'asking', workflow = @workflow, turn = turn + 1, held_until = @until, changed_at = @at
        WHERE id = @id AND claude_session IS NOT NULL AND (NOT ${UNDER_WAY} OR held_until <= @at)`,
    ),
    changeTask: prepared<object>(
      `UPDATE tasks SET status = coalesce(@status, status), task = coalesce(@task, task),
              claude_session = coalesce(@claudeSession, claude_session), seal = coalesce(@seal, seal), asked = coalesce(@asked, asked),
              outcome = coalesce(@outcome, outcome), changed_at = @at
        WHERE id = @id AND turn = @turn AND ${UNDER_WAY}`,
    ),
    findTask: prepared<[string], TaskRow>("SELECT * FROM tasks WHERE id = ?"),
    listTasks: prepared<object, TaskRow>(
      `SELECT * FROM tasks WHERE (@status IS NULL OR status = @status) AND (@requester IS NULL OR requester = @requester)
        ORDER BY number DESC LIMIT @limit`,
    ),
    addTaskNote: prepared<object>(
      `INSERT INTO task_events (task_id, seq, at, kind, text)
       VALUES (@id, (SELECT coalesce(max(seq), 0) + 1 FROM task_events WHERE task_id = @id), @at, @kind, @text)`,
    ),
    trimTaskNotes: prepared<[string, string]>(
      `DELETE FROM task_events WHERE task_id = ? AND seq <= (SELECT max(seq) FROM task_events WHERE task_id = ?) - ${MAX_EVENTS}`,
    ),
    taskNotes: prepared<[string, number], TaskNote>(
      `SELECT at, kind, text FROM (SELECT * FROM task_events WHERE task_id = ? ORDER BY seq DESC LIMIT ?) ORDER BY seq`,
    ),
    // What Claude had not begun has nothing to be continued.
    interruptTasks: prepared<[number]>(
      `UPDATE tasks SET status = CASE WHEN claude_session IS NULL THEN 'refused' ELSE 'interrupted' END, changed_at = ?
        WHERE ${UNDER_WAY}`,
    ),
  };
}

type TaskSql = ReturnType<typeof prepareTaskStatements>;

/** @param run runs what writes on the database that is open @param read runs what only reads */
export function createTaskStore(
  run: <T>(work: (sql: TaskSql, db: Database.Database, events: EventWriter) => T) => Promise<T>,
  read: <T>(work: (sql: TaskSql) => T) => Promise<T>,
): TaskStore {
  return {
    addTask: (session: NewTaskSession, until) =>
      run((sql, db, events) =>
        db.transaction(() => {
          const { id, status, requester = null, parent = null, folder, profile, workflow } = session;
          const written = sql.addTask.run({ ...session, requester, parent, until });
          const number = Number(written.lastInsertRowid);
          const by = requester ?? undefined;
          const data = { task: id, number, turn: 1, status, requester: by, profile, workflow, folder };
          events.append({ kind: "task", data });
          return number;
        })(),
      ),
    claimTaskTurn: (id, workflow, at, until) =>
      run((sql, db, events) =>
        db.transaction(() => {
          const { changes } = sql.claimTask.run({ id, workflow, at, until });
          const turn = changes === 1 ? sql.findTask.get(id)?.turn : undefined;
          if (turn !== undefined)
            events.append({ kind: "task", data: { task: id, turn, status: "asking", workflow } });
          return turn;
        })(),
      ),
    changeTask: (id, turn, change, at) =>
      run((sql, db, events) =>
        db.transaction(() => {
          if (sql.changeTask.run(changed(id, turn, change, at)).changes !== 1) return false;
          const { status, asked } = change;
          if (status !== undefined) events.append({ kind: "task", data: { task: id, turn, status, asked } });
          return true;
        })(),
      ),
    findTask: (id) => read((sql) => toSession(sql.findTask.get(id))),
    listTasks: ({ limit, status = null, requester = null }) =>
      read((sql) => sql.listTasks.all({ limit, status, requester }).flatMap((row) => toSession(row) ?? [])),
    addTaskNote: (id, event) =>
      run((sql, db) =>
        db.transaction(() => {
          sql.addTaskNote.run({ id, ...event });
          sql.trimTaskNotes.run(id, id);
        })(),
      ),
    taskNotes: (id, limit) => read((sql) => sql.taskNotes.all(id, limit)),
    interruptTasks: (at) =>
      run((sql, db, events) =>
        db.transaction(() => {
          const { changes } = sql.interruptTasks.run(at);
          if (changes > 0)
            events.append({ kind: "task", data: { status: "interrupted", sessions: changes } });
          return changes;
        })(),
      ),
  };
}

function changed(id: string, turn: number, change: TaskChange, at: number): object {
  const { status = null, task = null, claudeSession = null, seal = null, asked = null, outcome } = change;
  return {
    id,
    turn,
    at,
    status,
    task,
    claudeSession,
    seal,
    asked,
    outcome: outcome === undefined ? null : JSON.stringify(outcome),
  };
}

function toSession(row: TaskRow | undefined): TaskSession | undefined {
  if (row === undefined) return undefined;
  return {
    id: row.id,
    number: row.number,
    status: row.status as SessionStatus,
    profile: row.profile as TaskProfile,
    workflow: row.workflow as TaskWorkflow,
    folder: row.folder,
    project: row.project,
    task: row.task,
    maxTurns: row.max_turns,
    requester: row.requester ?? undefined,
    parent: row.parent ?? undefined,
    claudeSession: row.claude_session ?? undefined,
    seal: row.seal ?? undefined,
    turn: row.turn,
    asked: row.asked,
    createdAt: row.created_at,
    changedAt: row.changed_at,
    outcome: row.outcome === null ? undefined : (JSON.parse(row.outcome) as TaskOutcome),
  };
}
