// What Claude Code's events tell about work in the background: a Stop lists it, and the launch of a subagent says whether
// it is one. Tolerant: what cannot be read is not there.

import { z } from "zod";
import { readAs } from "../../core/read-as.ts";

const task = z.object({ id: z.string().min(1), type: z.string().catch(""), status: z.string().catch("") });
const stop = z.object({ background_tasks: z.array(z.unknown()) });
/** The event after the tool that starts a subagent: at once for one in the background, at its end for another. */
const agentTool = z.object({
  tool_name: z.enum(["Agent", "Task"]),
  tool_response: z.object({ isAsync: z.boolean().catch(false).default(false), agentId: z.string().min(1) }),
});

/** The states of a task that has ended; every other one still runs, or will. */
const ENDED = new Set(["completed", "failed", "killed", "stopped", "cancelled"]);

/** How many tasks of the session have not ended; undefined where none is known. */
export function tasksInFlight(body: unknown): number | undefined {
  return tasksOf(body).filter(({ status }) => !ENDED.has(status)).length || undefined;
}

/** The ids of the subagents among them, or of the one that was just started; undefined where none is known. */
export function backgroundAgents(body: unknown): readonly string[] | undefined {
  const started = readAs(agentTool, body);
  if (started.success && started.data.tool_response.isAsync) return [started.data.tool_response.agentId];
  const ids = tasksOf(body).flatMap(({ id, type }) => (type === "subagent" ? [id] : []));
  return ids.length === 0 ? undefined : ids;
}

/** Whether a subagent has ended that ran in the foreground. */
export function hadForegroundAgent(body: unknown): boolean {
  const ended = readAs(agentTool, body);
  return ended.success && !ended.data.tool_response.isAsync;
}

function tasksOf(body: unknown): readonly z.infer<typeof task>[] {
  const parsed = readAs(stop, body);
  if (!parsed.success) return [];
  return parsed.data.background_tasks.flatMap((each) => {
    const read = readAs(task, each);
    return read.success ? [read.data] : [];
  });
}
