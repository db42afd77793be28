// What the sessions of tasks offer to the rest of this room.
import type { TaskProblem, TaskSession } from "../core/ports/task-store.ts";
import type { TaskProfile, TaskWorkflow } from "../domain/task.ts";
import type { TaskFolder } from "../domain/task-folder.ts";
import type { StopCause, VerificationOrder } from "./contract.ts";
import type { HeldTurn } from "./live-turns.ts";

interface SessionOrder {
  readonly text: string;
  readonly folder: TaskFolder;
  readonly profile: TaskProfile;
  readonly workflow: TaskWorkflow;
  readonly maxTurns: number;
  readonly requester?: string | undefined;
}

export type HeldOrProblem = { readonly held: HeldTurn } | { readonly problem: TaskProblem };

export interface Sessions {
  /** A new session, whose first turn is still to be allowed. */
  begin(order: SessionOrder): Promise<HeldOrProblem>;
  /** How many of Claude's turns it may have: a task's own task has no more than that task. */
  turnsFor(maxTurns: number, requester: string | undefined): number;
  /** One more turn of a session that has ended. */
  goOn(
    id: string,
    text: string,
    workflow: TaskWorkflow,
    requester: string | undefined,
  ): Promise<HeldOrProblem>;
  /** Runs the turn. Never rejects. @param onNote told in one line what happens */
  run(
    held: HeldTurn,
    onNote?: (line: string) => void,
    verification?: VerificationOrder,
  ): Promise<TaskSession>;
  /** Gives the turn back: it was not allowed. Never rejects. */
  giveBack(held: HeldTurn, problem: TaskProblem): Promise<TaskSession>;
  /** Why nothing may be started in its folder now; undefined where it may. */
  obstacleIn(session: Pick<TaskSession, "folder">): string | undefined;
  /** @returns false where nothing of it is under way */
  stop(id: string, cause: StopCause): boolean;
  underWay(): number;
  /** Resolves once nothing of it is under way. */
  ended(id: string): Promise<void>;
  onChange(listener: (session: TaskSession, kind: "started" | "ended" | "changed") => void): () => void;
  /** Stops everything and waits for it. */
  close(): Promise<void>;
}
