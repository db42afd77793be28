// Starting, continuing and ending tasks: sessions of Claude that this server runs. Whoever has it here has asked a person
// already: nothing behind this port asks again.
import type { TaskFolder } from "../../domain/task-folder.ts";
import type { Phone } from "../../domain/tool-call.ts";

export type { TaskFolder } from "../../domain/task-folder.ts";

export type TaskStatus = "running" | "finished" | "failed" | "cancelled" | "interrupted";

export interface TaskView {
  /** `sess_…`. */
  readonly sessionId: string;
  /** Its name on the phone: `s3`. */
  readonly short: string;
  readonly status: TaskStatus;
  readonly folder: TaskFolder;
  /** What was asked for last, masked; foreign. */
  readonly task: string;
  /** Claude's last words, masked; foreign. Absent while there are none. */
  readonly lastWords?: string | undefined;
  /** Why it did not end well, in this server's words: a sentence; foreign in parts. */
  readonly problem?: string | undefined;
  /** Epoch ms. */
  readonly startedAt: number;
  /** Epoch ms; absent while it runs. */
  readonly endedAt?: number | undefined;
}

interface TaskOrder {
  readonly task: string;
  readonly folder: TaskFolder;
  /** Turns at most; default: the profile's. */
  readonly maxTurns?: number | undefined;
}

/** Who has asked for it: a phone, or a caller by its token's name. */
export type TaskOrigin =
  | { readonly kind: "phone"; readonly phone: Phone }
  | { readonly kind: "caller"; readonly requester?: string | undefined };

export type TaskStart =
  | { readonly kind: "started"; readonly task: TaskView }
  /** A sentence without its subject: "is still at work", "was not found". */
  | { readonly kind: "refused"; readonly problem: string };

export interface TaskEvent {
  readonly task: TaskView;
  readonly kind: "started" | "ended";
}

export interface TaskRunner {
  folders(): readonly TaskFolder[];
  /** Newest first. */
  list(): readonly TaskView[];
  /** @param name `s3` or `sess_…`, any case */
  find(name: string): TaskView | undefined;
  start(order: TaskOrder, origin: TaskOrigin): Promise<TaskStart>;
  /** The next turn of a session that does not run. */
  continueSession(sessionId: string, message: string, origin: TaskOrigin): Promise<TaskStart>;
  /** Resolves once nothing of it runs any longer. @returns false where it was not running */
  cancel(sessionId: string): Promise<boolean>;
  /** @returns ends it */
  onEvent(listener: (event: TaskEvent) => void): () => void;
}
