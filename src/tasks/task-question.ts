// What a call of one of the tools would ask, for Claude Code's permission step ahead of it: the words of the call itself, so that
// a person is asked once.

import type { ToolQuestion } from "../core/ports/tool-source.ts";
import { readAs } from "../core/read-as.ts";
import type { TaskDeps } from "./contract.ts";
import { scopeOf, workingFolder } from "./scope.ts";
import { maySee } from "./session-checks.ts";
import type { Sessions } from "./session-contract.ts";
import { continueWarning, startWarning, verifyWarning } from "./start-words.ts";
import { gateName, scopePaths, TASK_INPUTS, type TaskTool, turnLimit } from "./tool-inputs.ts";

interface TaskQuestionDeps extends Pick<TaskDeps, "store" | "folders"> {
  readonly sessions: Pick<Sessions, "turnsFor">;
}

/** What asks somebody when it is called. Undefined: the call would be refused, and asks nobody. */
type Warning = (
  raw: ToolQuestion["call"]["input"],
  requester: string | undefined,
) => Promise<string | undefined>;

export function createTaskQuestion({ store, folders, sessions }: TaskQuestionDeps) {
  const warnings: Readonly<Partial<Record<TaskTool, Warning>>> = {
    async agent_run_task(raw, requester) {
      const input = TASK_INPUTS.agent_run_task.parse(raw);
      const found = await workingFolder(folders, input.working_directory);
      if ("problem" in found) return undefined;
      const maxTurns = sessions.turnsFor(turnLimit(input), requester);
      return startWarning({ profile: input.system_profile, folder: found.folder.path, maxTurns });
    },
    async agent_continue_session(raw, requester) {
      const session = await store.findTask(TASK_INPUTS.agent_continue_session.parse(raw).session_id);
      return session !== undefined && maySee(session, requester) ? continueWarning(session) : undefined;
    },
    async agent_verify_task(raw) {
      const { scope, evidence_paths } = TASK_INPUTS.agent_verify_task.parse(raw);
      const found = await scopeOf(folders, scopePaths(scope), evidence_paths);
      return "problem" in found ? undefined : verifyWarning({ folder: found.folder.path });
    },
  };

  return async (
    tool: TaskTool,
    input: ToolQuestion["call"]["input"],
    requester: string | undefined,
  ): Promise<ToolQuestion> => {
    const call = { toolName: gateName(tool), input };
    if (!readAs(TASK_INPUTS[tool], input).success) return { call };
    const warning = await warnings[tool]?.(input, requester);
    return warning === undefined ? { call } : { call, warnings: [warning], asksAlways: true };
  };
}
