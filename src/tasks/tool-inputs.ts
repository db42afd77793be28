// What the tools take: checked here, and told to clients from the same schemas.
import { z } from "zod";
import { SESSION_STATUSES, TASK_PROFILES } from "../domain/task.ts";

const MAX_TEXT = 20_000;

const text = z.string().trim().min(1).max(MAX_TEXT);
const path = z.string().min(1).max(4_000);
const sessionId = z
  .string()
  .regex(/^sess_[0-9a-f]{24}$/, "must be the session_id of a task: sess_ and 24 hex digits")
  .describe("As agent_run_task has answered it.");
const wait = z
  .boolean()
  .default(true)
  .describe(
    "false: answers at once with the session's id; ask agent_get_session how it stands, every 30 seconds at most. true: answers when it has ended.",
  );

export const TASK_INPUTS = {
  agent_run_task: z.strictObject({
    task: text.describe("What is to be done, whole: it is all that the task knows."),
    system_profile: z
      .enum(["general", "verification"])
      .default("general")
      .describe("verification: reads only, ignores the folder's own settings, and has 20 turns at most."),
    working_directory: path.describe("A folder of TASK_DIRS, by its absolute real path."),
    max_turns: z
      .int()
      .min(1)
      .max(TASK_PROFILES.general.maxTurns)
      .optional()
      .describe("Default, and most: 50, for verification 20."),
    wait,
  }),
  agent_continue_session: z.strictObject({
    session_id: sessionId,
    message: text.describe("The next instruction."),
    wait,
  }),
  agent_get_session: z.strictObject({ session_id: sessionId }),
  agent_list_sessions: z.strictObject({
    limit: z.int().min(1).max(100).default(20),
    status: z.enum(SESSION_STATUSES).optional(),
  }),
  agent_verify_task: z.strictObject({
    task: text.describe("What was to be done, and what is claimed: it is looked at whether that holds."),
    scope: z
      .union([path, z.array(path).min(1).max(10)])
      .describe(
        "The folder or folders that may be read: folders of TASK_DIRS, or in one, by their absolute real paths.",
      ),
    evidence_paths: z
      .array(path)
      .min(1)
      .max(50)
      .describe(
        "Files and folders inside the scope that must be looked at; relative ones start at the first folder.",
      ),
    fail_closed: z
      .boolean()
      .default(true)
      .describe("What doubt comes to: fail_closed, or with false insufficient_evidence. Never a pass."),
    wait,
  }),
  agent_cancel_session: z.strictObject({ session_id: sessionId }),
  agent_get_runtime_status: z.strictObject({}),
} as const;

export type TaskTool = keyof typeof TASK_INPUTS;

export type TaskInput<Name extends TaskTool> = z.output<(typeof TASK_INPUTS)[Name]>;

export function isTaskTool(name: string): name is TaskTool {
  return Object.hasOwn(TASK_INPUTS, name);
}

/** What a call of a tool is to the gate: its name as Claude Code has it. */
export const gateName = (tool: TaskTool) => `mcp__approval-server__${tool}`;

/** Of one turn of a session: what was asked for, and never more than its profile has. */
export function turnLimit({ system_profile, max_turns }: TaskInput<"agent_run_task">): number {
  const most = TASK_PROFILES[system_profile].maxTurns;
  return Math.min(max_turns ?? most, most);
}

export function scopePaths(scope: TaskInput<"agent_verify_task">["scope"]): readonly string[] {
  return typeof scope === "string" ? [scope] : scope;
}

/** What is wrong with an input, in one sentence. */
export function inputProblem({ issues }: z.ZodError): string {
  return issues.map(({ path: at, message }) => `${at.map(String).join(".")} ${message}`.trim()).join("; ");
}
