// The tools that this server runs itself, each call behind the gate: where they come from, in one list.
import type { TaskRunner } from "../core/ports/task-runner.ts";
import type { TaskTools } from "../core/ports/task-tools.ts";
import type { ToolSource } from "../core/ports/tool-source.ts";
import { type OpenTasksDeps, openTasks } from "./tasks.ts";

type ToolSourcesDeps = OpenTasksDeps;

export interface ToolSources {
  readonly sources: readonly ToolSource[];
  /** Absent where tasks are off. */
  readonly taskSource?: TaskTools | undefined;
  readonly taskRunner?: TaskRunner | undefined;
  close(): Promise<void>;
}

export async function openToolSources(deps: ToolSourcesDeps): Promise<ToolSources> {
  const tasks = await openTasks(deps);
  return {
    sources: tasks === undefined ? [] : [tasks.source],
    taskSource: tasks?.source,
    taskRunner: tasks?.runner,
    close: async () => tasks?.close(),
  };
}
