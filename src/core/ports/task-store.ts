// The sessions of tasks and what happened in them, over restarts. Every method may reject: the disk can be full.
import type { SessionStatus, TaskProfile, TaskVerdict, TaskWorkflow } from "../../domain/task.ts";

/** A file that a task has left for its caller. */
export interface TaskArtifact {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  readonly bytes: number;
}

/** One thing that went wrong; `code` is stable. */
export interface TaskProblem {
  readonly code: string;
  readonly message: string;
}

/** What the last turn came to. Its texts are masked. */
export interface TaskOutcome {
  readonly summary: string;
  readonly outputText: string;
  readonly verdict?: TaskVerdict | undefined;
  readonly artifacts: readonly TaskArtifact[];
  readonly warnings: readonly string[];
  readonly errors: readonly TaskProblem[];
}

export interface TaskSession {
  /** `sess_…` */
  readonly id: string;
  /** Counts up from 1: `s3` on the phone. */
  readonly number: number;
  readonly status: SessionStatus;
  readonly profile: TaskProfile;
  readonly workflow: TaskWorkflow;
  /** One of TASK_DIRS: absolute, without symbolic links. */
  readonly folder: string;
  /** Its name. */
  readonly project: string;
  /** What is to be done, masked. */
  readonly task: string;
  readonly maxTurns: number;
  /** Whose session it is: the name of a token; absent for the operator's own. */
  readonly requester?: string | undefined;
  /** The session that has started it, where a task did. */
  readonly parent?: string | undefined;
  /** Claude Code's own id of the session: what `--resume` takes. Absent until it has begun. */
  readonly claudeSession?: string | undefined;
  /** Made by the server when it learned that id: a row that somebody else has written has none that fits. */
  readonly seal?: string | undefined;
  /** Which turn is, or was, its last; counts up from 1. */
  readonly turn: number;
  /** How many of its calls a person was asked about. */
  readonly asked: number;
  /** Epoch ms. */
  readonly createdAt: number;
  /** Epoch ms. */
  readonly changedAt: number;
  readonly outcome?: TaskOutcome | undefined;
}

export type NewTaskSession = Omit<
  TaskSession,
  "number" | "turn" | "asked" | "changedAt" | "outcome" | "claudeSession" | "seal"
>;

/** What a turn changes of its session. */
export type TaskChange = Partial<
  Pick<TaskSession, "status" | "task" | "claudeSession" | "seal" | "asked" | "outcome">
>;

export interface TaskNote {
  /** Epoch ms. */
  readonly at: number;
  /** `asking`, `started`, `tool`, `said`, `denied`, `ended` … */
  readonly kind: string;
  /** One line, masked. */
  readonly text: string;
}

interface TaskQuery {
  readonly limit: number;
  readonly status?: SessionStatus | undefined;
  /** Only those of this token. */
  readonly requester?: string | undefined;
}

export interface TaskStore {
  /** Writes a new session with its first turn under way. @param until epoch ms: see `claimTaskTurn` @returns its number */
  addTask(session: NewTaskSession, until: number): Promise<number>;
  /**
   * Takes the session for one more turn: one at a time. A turn that was not given back holds until its limit.
   * @param until the limit, epoch ms
   * @returns the turn's number; undefined where another one is under way, or where the session cannot be continued
   */
  claimTaskTurn(id: string, workflow: TaskWorkflow, at: number, until: number): Promise<number | undefined>;
  /** @returns false where that turn is not the session's last any more, or has ended: nothing changed */
  changeTask(id: string, turn: number, change: TaskChange, at: number): Promise<boolean>;
  findTask(id: string): Promise<TaskSession | undefined>;
  /** Newest first. */
  listTasks(query: TaskQuery): Promise<readonly TaskSession[]>;
  /** Keeps the last few hundred of each session. */
  addTaskNote(id: string, event: TaskNote): Promise<void>;
  /** Oldest first, the last `limit` of them. */
  taskNotes(id: string, limit: number): Promise<readonly TaskNote[]>;
  /** After a restart nothing of the last run is under way. @returns how many sessions were */
  interruptTasks(at: number): Promise<number>;
}
