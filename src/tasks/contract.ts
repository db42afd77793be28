// What the parts of this room need, and what they hand to each other.
import type { ModeKeeper } from "../core/mode.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Inspector } from "../core/ports/inspector.ts";
import type { Log } from "../core/ports/log.ts";
import type { NoteRun, SendSignal } from "../core/ports/processes.ts";
import type { TaskSession, TaskStore } from "../core/ports/task-store.ts";
import type { TaskFolder } from "../domain/task-folder.ts";
import type { Evidence } from "./evidence.ts";
import type { TaskGuard } from "./task-guard.ts";

interface ClaudeSetup {
  /** A path, or a name that PATH finds. */
  readonly bin: string;
  /** The server's own environment. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly secretNames: readonly string[];
  readonly secrets: readonly string[];
  /** Where the local listener is reached, without a slash at the end. */
  readonly url: string;
  readonly send: SendSignal;
  /** Kills whatever has this entry, `NAME=value`, in its environment. Never throws. */
  readonly killMarked: (entry: string) => void;
  readonly noteRun: NoteRun;
}

export interface TaskDeps {
  readonly store: TaskStore;
  readonly folders: readonly TaskFolder[];
  /** Whether it is still the folder that was looked at when the server started. */
  readonly isStillFolder: (folder: TaskFolder) => boolean;
  readonly mode: Pick<ModeKeeper, "current" | "onClose">;
  readonly inspector: Inspector;
  readonly guard: TaskGuard;
  readonly claude: ClaudeSetup;
  /** What only this server and its operator know; the first one seals. */
  readonly sealSecrets: readonly string[];
  /** How long one turn of a session may take, ms. */
  readonly turnMs: number;
  /** How many of its calls a person is asked about in one turn. */
  readonly maxAsked: number;
  /** Has a folder for each session with artifacts; absolute. */
  readonly artifactsFolder: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Why a turn is stopped from outside. */
export type StopCause = "cancelled" | "panic" | "left" | "shutdown";

export interface VerificationOrder {
  readonly evidence: readonly Evidence[];
  /** Folders that it may read: absolute, without symbolic links. */
  readonly scope: readonly string[];
  readonly failClosed: boolean;
}

/** One turn of a session that was allowed. */
export interface TurnOrder {
  readonly session: TaskSession;
  /** What Claude is told: as it was asked about. */
  readonly text: string;
  readonly verification?: VerificationOrder | undefined;
  /** Aborts with a StopCause. */
  readonly signal: AbortSignal;
  /** Told in one line, masked, what happens. */
  readonly onNote: (line: string) => void;
}
