// What clients are told of the tools of tasks.
import { z } from "zod";
import type { ToolHints } from "../domain/tool-hints.ts";
import { sessionSchema, sessionsSchema } from "./shown-session.ts";
import type { TaskTool } from "./tool-inputs.ts";

const hints = (readOnlyHint: boolean, destructiveHint: boolean, openWorldHint: boolean): ToolHints => ({
  readOnlyHint,
  destructiveHint,
  idempotentHint: readOnlyHint,
  openWorldHint,
});

interface Told {
  readonly title: string;
  readonly description: string;
  readonly hints: ToolHints;
  readonly output: z.ZodObject;
}

const statusSchema = z.looseObject({ ok: z.boolean() });

export const TOLD: Readonly<Record<TaskTool, Told>> = {
  agent_run_task: {
    title: "Run a task",
    description:
      "Starts a session of Claude Code in a folder of TASK_DIRS, once a person has allowed it on their phone, and gives its last words. " +
      "Each of its calls that needs permission is asked, too.",
    hints: hints(false, true, true),
    output: sessionSchema,
  },
  agent_continue_session: {
    title: "Continue a task",
    description:
      "Gives a session that has ended its next instruction, once a person has allowed it on their phone.",
    hints: hints(false, true, true),
    output: sessionSchema,
  },
  agent_get_session: {
    title: "See a task",
    description: "How a session stands, what it came to, and the last of what happened in it.",
    hints: hints(true, false, false),
    output: sessionSchema,
  },
  agent_list_sessions: {
    title: "List tasks",
    description: "Sessions of tasks, newest first. A named token sees its own only.",
    hints: hints(true, false, false),
    output: sessionsSchema,
  },
  agent_verify_task: {
    title: "Verify a task",
    description:
      "Has a session that can only read look at evidence, once a person has allowed it on their phone. result.verdict is pass, " +
      "pass_with_restrictions, fail_closed or insufficient_evidence. ok is true for the first two only: doubt, an error or no verdict is no pass.",
    hints: hints(false, false, true),
    output: sessionSchema,
  },
  agent_cancel_session: {
    title: "Cancel a task",
    description:
      "Ends the turn of a session that is under way. It can be continued. A named token cancels its own only.",
    hints: hints(false, true, false),
    output: sessionSchema,
  },
  agent_get_runtime_status: {
    title: "See how the server stands",
    description:
      "The server's configuration without its secrets, its mode, the phones' chat windows, templates, policy, what waits, tasks, versions.",
    hints: hints(true, false, false),
    output: statusSchema,
  },
};
