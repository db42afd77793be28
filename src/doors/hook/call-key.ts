// How one call is recognised in Claude Code's hook events: a PermissionRequest has no tool_use_id.
import { createHash } from "node:crypto";
import { PLAN_TOOL } from "../../domain/plan.ts";
import { isQuestion } from "../../domain/question.ts";
import type { ToolCall } from "../../domain/tool-call.ts";
import type { HookSource } from "./hook-input.ts";

/** Who posts: no caller can end what a session with another token waits for. */
export interface Posted extends HookSource {
  readonly requester: string | undefined;
}

/** Identifies a session, with all of its subagents. */
export function sessionOf({ requester, sessionId }: Posted): string {
  // Without a session nothing can be told apart: no event has that form.
  return JSON.stringify([requester ?? null, sessionId ?? null]);
}

/** Identifies a session, or one subagent in it: a session's Stop comes while one of its subagents still waits. */
export function turnOf(source: Posted): string {
  return JSON.stringify([sessionOf(source), source.agentId ?? null]);
}

/** Both events have the input as Claude Code has completed it, keys in one order (measured with 2.1.329). */
export function callOf(turn: string, call: ToolCall): string {
  const hash = createHash("sha256").update(JSON.stringify([call.toolName, comparable(call)]));
  return turn + hash.digest("hex");
}

function comparable(call: ToolCall): unknown {
  // Questions that have been answered come back with their answers among them, a plan without any input.
  if (isQuestion(call)) return { questions: call.input["questions"] };
  return call.toolName === PLAN_TOOL ? {} : call.input;
}
