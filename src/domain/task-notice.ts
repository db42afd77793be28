// What a phone is told about tasks, as data.

/** A task, as it is told of: every text in it foreign but its name. */
export interface TaskShown {
  /** `s3`. */
  readonly short: string;
  readonly status: "running" | "finished" | "failed" | "cancelled" | "interrupted";
  /** The folder's name. */
  readonly folder: string;
  readonly task: string;
  /** Claude's. */
  readonly lastWords?: string | undefined;
  /** Why it did not end well, as a sentence; not Claude's. */
  readonly problem?: string | undefined;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly endedAt?: number | undefined;
}

/** About tasks: sessions of Claude that this server runs. `folders`: the names of those that tasks may run in. */
export type TaskNotice =
  | {
      readonly kind: "task";
      readonly task: TaskShown;
      readonly event: "started" | "ended";
      /** Whether a reply tells which message it quotes. */
      readonly hearsQuotes: boolean;
    }
  | { readonly kind: "tasks-off" | "tasks-quiet" }
  | {
      readonly kind: "tasks";
      readonly tasks: readonly TaskShown[];
      readonly folders: readonly string[];
      /** What was to be ended and is no task: foreign. */
      readonly unknown?: string | undefined;
      readonly now: number;
    }
  /** `name`: what was named and is neither; foreign. */
  | { readonly kind: "run-where"; readonly name?: string | undefined; readonly folders: readonly string[] }
  /** `problem`: a sentence without its subject. */
  | { readonly kind: "task-refused"; readonly short?: string | undefined; readonly problem: string }
  | { readonly kind: "killed"; readonly short: string; readonly wasRunning: boolean }
  /** A reply to a message that is not remembered; `short`: a task that could be meant. */
  | { readonly kind: "forgotten"; readonly short: string };
