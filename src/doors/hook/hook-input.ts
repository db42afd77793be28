// Reads what Claude Code's hooks post. Tolerant: what is not needed may be missing or odd; what is needed must be right.

import { z } from "zod";
import type { ToolCall } from "../../domain/tool-call.ts";
import { isDeeperThan, MAX_DEPTH } from "../nesting.ts";

const optionalText = z.string().min(1).optional().catch(undefined);

const source = z.object({ session_id: optionalText, agent_id: optionalText, cwd: optionalText });

const permissionRequest = source.extend({
  hook_event_name: z.literal("PermissionRequest", { error: "it is another event's" }).optional(),
  tool_name: z.string({ error: "tool_name is missing or not a text" }).trim().min(1, "tool_name is empty"),
  tool_input: z.record(z.string(), z.unknown(), { error: "tool_input is missing or not an object" }),
  // It goes to the phone as it is, so only plain letters are taken.
  permission_mode: z
    .string()
    .regex(/^[A-Za-z]{1,24}$/)
    .optional()
    .catch(undefined),
});

/** Where Claude Code has an MCP server from; it goes to the phone as it is. */
const mcpServer = z.object({ source: z.string().regex(/^[A-Za-z][A-Za-z-]{0,23}$/) });

const hookEvent = source.extend({
  session_id: z.string().min(1),
  tool_name: optionalText,
  notification_type: optionalText,
  message: optionalText,
  last_assistant_message: optionalText,
});

/** Whose hook it is. A subagent shares its session's id and has one of its own. */
export interface HookSource {
  readonly sessionId: string | undefined;
  readonly agentId: string | undefined;
  /** The folder that Claude works in. */
  readonly cwd: string | undefined;
}

export interface PermissionAsk extends HookSource {
  readonly call: ToolCall;
  /** Letters only. */
  readonly permissionMode: string | undefined;
  /** Letters and hyphens only. */
  readonly mcpSource: string | undefined;
}

export type ParsedAsk =
  | { readonly ok: true; readonly ask: PermissionAsk }
  | { readonly ok: false; readonly problem: string };

/** Reads the body of a PermissionRequest, or says what is wrong with it, without quoting it. */
export function parsePermissionRequest(body: unknown): ParsedAsk {
  const parsed = permissionRequest.safeParse(body);
  if (!parsed.success)
    return { ok: false, problem: parsed.error.issues.map(({ message }) => message).join("; ") };
  if (isDeeperThan(parsed.data.tool_input))
    return { ok: false, problem: `tool_input is nested deeper than ${MAX_DEPTH} levels` };
  const call = { toolName: parsed.data.tool_name, input: rawInput(body) };
  const permissionMode = parsed.data.permission_mode;
  const mcpSource = mcpServer.safeParse((body as { mcp_server?: unknown }).mcp_server).data?.source;
  return { ok: true, ask: { ...sourceOf(parsed.data), call, permissionMode, mcpSource } };
}

export interface HookEvent extends HookSource {
  readonly sessionId: string;
  /** In events about a tool. */
  readonly call: ToolCall | undefined;
  /** In a notification: its kind and its words. */
  readonly notification: { readonly type: string; readonly message: string } | undefined;
  /** In a stop: the last thing that Claude said. */
  readonly lastWords: string | undefined;
}

/** Reads the body of any other event; undefined when it does not say whose it is. */
export function parseHookEvent(body: unknown): HookEvent | undefined {
  const parsed = hookEvent.safeParse(body);
  if (!parsed.success) return undefined;
  const { session_id, tool_name, notification_type: type, message = "" } = parsed.data;
  const isInput = z.record(z.string(), z.unknown()).safeParse(rawInput(body)).success;
  return {
    ...sourceOf(parsed.data),
    sessionId: session_id,
    call:
      tool_name === undefined || !isInput || isDeeperThan(rawInput(body))
        ? undefined
        : { toolName: tool_name.trim(), input: rawInput(body) },
    notification: type === undefined ? undefined : { type, message },
    lastWords: parsed.data.last_assistant_message,
  };
}

/** The raw input, not zod's copy: what is asked must be what runs, odd keys such as __proto__ included. */
function rawInput(body: unknown): ToolCall["input"] {
  return (body as { tool_input: ToolCall["input"] }).tool_input;
}

function sourceOf({ session_id, agent_id, cwd }: z.infer<typeof source>): HookSource {
  return { sessionId: session_id, agentId: agent_id, cwd };
}
