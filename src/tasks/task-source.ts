// The tools of tasks, as MCP clients and the REST door get them.

import { z } from "zod";
import type { TaskTools } from "../core/ports/task-tools.ts";
import type { OfferedTool, ToolCaller, ToolResult } from "../core/ports/tool-source.ts";
import { readAs } from "../core/read-as.ts";
import type { Door } from "../domain/tool-call.ts";
import { maySee, NOT_FOUND } from "./session-checks.ts";
import { listedSession, noSession, shownSession } from "./shown-session.ts";
import { createStartTask, type StartTaskDeps, type TaskCall } from "./start-task.ts";
import { createTaskQuestion } from "./task-question.ts";
import { TOLD } from "./told-tools.ts";
import { inputProblem, isTaskTool, TASK_INPUTS, type TaskTool } from "./tool-inputs.ts";

/** Claude Code cuts results at 25,000 tokens unless a tool raises the limit. */
const LARGE = { "anthropic/maxResultSizeChars": 500_000 };
/** Events that a session is told with. */
const SHOWN_EVENTS = 50;
type TaskAnswer = Readonly<Record<string, unknown>> & { readonly ok: boolean };

interface TaskSourceDeps extends StartTaskDeps {
  /** What agent_get_runtime_status answers, beside `ok`. */
  readonly runtimeStatus: (requester: string | undefined) => Promise<object>;
}

export function createTaskSource(deps: TaskSourceDeps): TaskTools {
  const { store, sessions, runtimeStatus, log } = deps;
  const starting = createStartTask(deps);
  const questionOf = createTaskQuestion(deps);

  const offered: readonly OfferedTool[] = (Object.keys(TOLD) as TaskTool[]).map((name) => {
    const { output, ...told } = TOLD[name];
    return {
      name,
      ...told,
      inputSchema: schemaOf(TASK_INPUTS[name], "input"),
      outputSchema: schemaOf(output, "output"),
      meta: LARGE,
    };
  });

  async function answer(call: TaskCall): Promise<TaskAnswer> {
    const { tool, raw, caller } = call;
    const parsed = readAs(TASK_INPUTS[tool], raw);
    if (!parsed.success)
      return invalid(tool, `The input is wrong: ${inputProblem(parsed.error)}. Nothing was started.`);
    const read = <Name extends TaskTool>(name: Name) =>
      TASK_INPUTS[name].parse(raw) as z.output<(typeof TASK_INPUTS)[Name]>;
    switch (tool) {
      case "agent_run_task":
        return starting.run(call, read(tool));
      case "agent_continue_session":
        return starting.continueSession(call, read(tool));
      case "agent_verify_task":
        return starting.verify(call, read(tool));
      case "agent_get_session":
        return get(read(tool).session_id, caller.requester);
      case "agent_list_sessions": {
        const { limit, status } = read(tool);
        const found = await store.listTasks({ limit, status, requester: caller.requester });
        return { ok: true, sessions: found.map(listedSession), errors: [] };
      }
      case "agent_cancel_session":
        return cancel(read(tool).session_id, caller.requester);
      case "agent_get_runtime_status":
        return { ok: true, ...(await runtimeStatus(caller.requester)) };
    }
  }

  async function find(id: string, requester: string | undefined) {
    const session = await store.findTask(id);
    return session !== undefined && maySee(session, requester) ? session : undefined;
  }

  async function get(id: string, requester: string | undefined) {
    const session = await find(id, requester);
    if (session === undefined) return noSession([NOT_FOUND.problem]);
    return shownSession(session, await store.taskNotes(id, SHOWN_EVENTS));
  }

  async function cancel(id: string, requester: string | undefined) {
    const session = await find(id, requester);
    if (session === undefined) return noSession([NOT_FOUND.problem]);
    if (!sessions.stop(id, "cancelled")) {
      const idle = { code: "not_under_way", message: "Nothing of it is under way: nothing was cancelled." };
      return { ...shownSession(session), ok: false, errors: [idle] };
    }
    await sessions.ended(id);
    const ended = await find(id, requester);
    return { ...shownSession(ended ?? session), ok: true };
  }

  async function callAt(
    door: Door,
    name: string,
    raw: TaskCall["raw"],
    caller: ToolCaller,
  ): Promise<ToolResult> {
    if (!isTaskTool(name))
      return toolResult(noSession([{ code: "not_listed", message: `There is no tool ${name}.` }]));
    try {
      return toolResult(await answer({ tool: name, raw, door, caller }));
    } catch (error) {
      log.error({ err: error, tool: name }, "a tool of tasks failed");
      return toolResult(invalid(name, "It failed; see the server's log.", "failed"));
    }
  }

  return {
    tools: () => offered,
    async question(name, input, requester) {
      if (!isTaskTool(name)) throw new Error(`there is no tool ${name}`);
      return questionOf(name, input, requester);
    },
    call: (name, input, caller) => callAt("mcp", name, input, caller),
    callAt,
    onChange: () => () => {},
  };
}

function invalid(tool: TaskTool, message: string, code = "invalid_input"): TaskAnswer {
  const errors = [{ code, message }];
  if (tool === "agent_list_sessions") return { ok: false, sessions: [], errors };
  return tool === "agent_get_runtime_status" ? { ok: false, errors } : noSession(errors);
}

/** The same twice: for programs, and for models and clients that read texts only. */
function toolResult(result: TaskAnswer): ToolResult {
  return {
    content: [{ type: "text", text: JSON.stringify(result) }],
    structuredContent: { ...result },
    ...(result.ok ? {} : { isError: true }),
  };
}

function schemaOf(schema: z.ZodType, io: "input" | "output"): Readonly<Record<string, unknown>> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
}
