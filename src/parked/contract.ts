// What the parked requests need from outside, and what the rest of the server gets of them.
import type { Gate } from "../core/gate-contract.ts";
import type { ModeKeeper } from "../core/mode.ts";
import type { People } from "../core/people.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Inspector } from "../core/ports/inspector.ts";
import type { Log } from "../core/ports/log.ts";
import type { Messenger } from "../core/ports/messenger.ts";
import type { ParkedCalls } from "../core/ports/parked-calls.ts";
import type { ParkedStore } from "../core/ports/parked-store.ts";
import type { RequestStore } from "../core/ports/request-store.ts";
import type { Submission } from "../domain/submission.ts";
import type { TaskFolder } from "../domain/task-folder.ts";
import type { Resume } from "./resume.ts";

export interface ParkedDeps {
  readonly gate: Gate;
  readonly store: ParkedStore & Pick<RequestStore, "settle" | "recordRun" | "isAsDecided">;
  readonly mode: Pick<ModeKeeper, "current" | "onClose">;
  readonly messenger: Messenger;
  readonly people: Pick<People, "toTellOf">;
  /** Masks secrets. */
  readonly inspector: Inspector;
  readonly clock: Clock;
  readonly log: Log;
  /** Where Claude may be started. */
  readonly folders: readonly TaskFolder[];
  /** Whether it is still the folder that was looked at. */
  readonly isStillThere: (folder: TaskFolder) => boolean;
  /** How long Claude waits, and how long a request waits in all, ms; undefined: nothing is parked. */
  readonly times: { readonly afterMs: number; readonly forMs: number } | undefined;
  /** Only this server's; the first one seals. */
  readonly secrets: readonly string[];
  /** Whether Claude Code would ask somebody about a call. In doubt it does not. */
  readonly wouldAsk: (submission: Submission, claudePid: number | undefined) => Promise<boolean>;
  readonly isRunning: (pid: number) => boolean;
  readonly resume: Resume;
}

export interface ParkedRequests extends ParkedCalls {
  /** The gate as the doors are to have it: what was allowed ahead of a call is not asked about again. */
  readonly gate: Gate;
  /** Waits on for what an earlier run has left, and says what came to nothing. Never rejects. */
  reopen(): Promise<void>;
  /** Ends every session that was resumed. */
  stop(): Promise<void>;
}
