// Reads what Claude Code's hooks post. Tolerant: what is not needed may be missing or odd; what is needed must be right.

import { z } from "zod";
import { readAs } from "../../core/read-as.ts";
import type { ToolCall } from "../../domain/tool-call.ts";
import { isDeeperThan, MAX_DEPTH } from "../nesting.ts";
import { backgroundAgents, hadForegroundAgent, tasksInFlight } from "./background-tasks.ts";
import {
  hookEvent,
  type hookSource,
  mcpServer,
  permissionDenied,
  permissionRequest,
  preToolUse,
} from "./hook-schemas.ts";

/** Whose hook it is. A subagent shares its session's id and has one of its own. */
export interface HookSource {
  readonly sessionId: string | undefined;
  readonly agentId: string | undefined;
  /** The subagent's kind: foreign text. */
  readonly agentType: string | undefined;
  /** The prompt that Claude works on; the same for all events until the next turn. */
  readonly promptId: string | undefined;
  readonly cwd: string | undefined;
  /** The session's transcript, where the event names it: nobody has checked the path. */
  readonly transcriptPath?: string | undefined;
}

export interface PermissionAsk extends HookSource {
  readonly call: ToolCall;
  /** Letters only. */
  readonly permissionMode: string | undefined;
  /** Letters and hyphens only. */
  readonly mcpSource: string | undefined;
}

export type ParsedAsk<Ask = PermissionAsk> =
  | { readonly ok: true; readonly ask: Ask }
  | { readonly ok: false; readonly problem: string };

/** Reads the body of a PermissionRequest, or says what is wrong with it, without quoting it. */
export function parsePermissionRequest(body: unknown): ParsedAsk {
  return parseCall(permissionRequest, body);
}

/** A call that Claude Code itself has refused, without asking anybody. */
export interface RefusedCall extends PermissionAsk {
  /** Claude Code's words: foreign text. */
  readonly reason: string | undefined;
}

/** Reads the body of a PermissionDenied, or says what is wrong with it, without quoting it. */
export function parsePermissionDenied(body: unknown): ParsedAsk<RefusedCall> {
  const parsed = parseCall(permissionDenied, body);
  if (!parsed.ok) return parsed;
  const { tool_use_id: toolUseId, reason } = permissionDenied.parse(body);
  return { ok: true, ask: { ...parsed.ask, call: withId(parsed.ask.call, toolUseId), reason } };
}

/** Reads the body of a PreToolUse, or says what is wrong with it, without quoting it. */
export function parsePreToolUse(body: unknown): ParsedAsk {
  const parsed = parseCall(preToolUse, body);
  if (!parsed.ok) return parsed;
  const call = withId(parsed.ask.call, preToolUse.parse(body).tool_use_id);
  return { ok: true, ask: { ...parsed.ask, call } };
}

const withId = (call: ToolCall, toolUseId: string | undefined): ToolCall =>
  toolUseId === undefined ? call : { ...call, toolUseId };

function parseCall(
  schema: typeof permissionRequest | typeof permissionDenied | typeof preToolUse,
  body: unknown,
): ParsedAsk {
  const parsed = readAs(schema, body);
  if (!parsed.success)
    return { ok: false, problem: parsed.error.issues.map(({ message }) => message).join("; ") };
  if (isDeeperThan(parsed.data.tool_input))
    return { ok: false, problem: `tool_input is nested deeper than ${MAX_DEPTH} levels` };
  const permissionMode = parsed.data.permission_mode;
  const mcpSource = readAs(mcpServer, (body as { mcp_server?: unknown }).mcp_server).data?.source;
  const asked = { toolName: parsed.data.tool_name, input: rawInput(body) };
  return { ok: true, ask: { ...sourceOf(parsed.data), call: asked, permissionMode, mcpSource } };
}

export interface HookEvent extends HookSource {
  readonly sessionId: string;
  /** In events about a tool. */
  readonly call: ToolCall | undefined;
  /** In a notification: its kind and its words. */
  readonly notification: { readonly type: string; readonly message: string } | undefined;
  /** In a stop: the last thing that Claude said. */
  readonly lastWords: string | undefined;
  /** In a turn that an error has ended: which, in Claude Code's words. */
  readonly error: string | undefined;
  /** In a session's end. */
  readonly reason: string | undefined;
  /** In a prompt: true where no person has written it, but Claude Code about its own tasks. */
  readonly isByClaudeCode?: true | undefined;
  /** In a stop: how many tasks still run in the background; absent where none does. */
  readonly tasksInFlight?: number | undefined;
  /** Ids of subagents that run in the background, where the event tells. */
  readonly backgroundAgents?: readonly string[] | undefined;
  /** Whether the event tells of the end of a subagent in the foreground. */
  readonly hadForegroundAgent?: true | undefined;
}

/** Reads the body of any other event; undefined when it does not say whose it is. */
export function parseHookEvent(body: unknown): HookEvent | undefined {
  const parsed = readAs(hookEvent, body);
  if (!parsed.success) return undefined;
  const { session_id, tool_name, notification_type: type, message = "", ...data } = parsed.data;
  const isInput = readAs(z.record(z.string(), z.unknown()), rawInput(body)).success;
  return {
    ...sourceOf(parsed.data),
    sessionId: session_id,
    call:
      tool_name === undefined || !isInput || isDeeperThan(rawInput(body))
        ? undefined
        : { toolName: tool_name.trim(), input: rawInput(body) },
    notification: type === undefined ? undefined : { type, message },
    lastWords: data.last_assistant_message,
    error: data.last_assistant_message ?? data.error_details ?? data.error,
    reason: data.reason,
    isByClaudeCode: isByClaudeCode(data) ? true : undefined,
    tasksInFlight: tasksInFlight(body),
    backgroundAgents: backgroundAgents(body),
    hadForegroundAgent: hadForegroundAgent(body) ? true : undefined,
  };
}

/** Where `source` is missing, the form of Claude Code's own prompts tells (2.1.329). */
function isByClaudeCode({
  source: by,
  prompt = "",
}: {
  readonly source?: string | undefined;
  readonly prompt?: string | undefined;
}): boolean {
  return by === undefined ? prompt.startsWith("<task-notification>") : by !== "user" && by !== "sdk";
}

/** The raw input, not zod's copy: what is asked must be what runs, odd keys such as __proto__ included. */
function rawInput(body: unknown): ToolCall["input"] {
  return (body as { tool_input: ToolCall["input"] }).tool_input;
}

export function sourceOf(data: z.infer<typeof hookSource>): HookSource {
  return {
    sessionId: data.session_id,
    agentId: data.agent_id,
    agentType: data.agent_type,
    promptId: data.prompt_id,
    cwd: data.cwd,
    transcriptPath: data.transcript_path,
  };
}
