// The forms of what Claude Code's hooks post. Tolerant: what is not needed may be missing or odd.

import { z } from "zod";

const optionalText = z.string().min(1).optional().catch(undefined);

export const hookSource = z.object({
  session_id: optionalText,
  agent_id: optionalText,
  agent_type: optionalText,
  prompt_id: optionalText,
  cwd: optionalText,
  transcript_path: optionalText,
});

const call = hookSource.extend({
  hook_event_name: z.string().optional().catch(undefined),
  tool_name: z.string({ error: "tool_name is missing or not a text" }).trim().min(1, "tool_name is empty"),
  tool_input: z.record(z.string(), z.unknown(), { error: "tool_input is missing or not an object" }),
  // It goes to the phone as it is, so only plain letters are taken.
  permission_mode: z
    .string()
    .regex(/^[A-Za-z]{1,24}$/)
    .optional()
    .catch(undefined),
});

export const permissionRequest = call.extend({
  hook_event_name: z.literal("PermissionRequest", { error: "it is another event's" }).optional(),
});

export const permissionDenied = call.extend({
  hook_event_name: z.literal("PermissionDenied", { error: "it is another event's" }).optional(),
  tool_use_id: optionalText,
  reason: optionalText,
});

export const preToolUse = call.extend({
  hook_event_name: z.literal("PreToolUse", { error: "it is another event's" }).optional(),
  tool_use_id: optionalText,
});

/** Where Claude Code has an MCP server from; it goes to the phone as it is. */
export const mcpServer = z.object({ source: z.string().regex(/^[A-Za-z][A-Za-z-]{0,23}$/) });

export const hookEvent = hookSource.extend({
  session_id: z.string().min(1),
  tool_name: optionalText,
  notification_type: optionalText,
  message: optionalText,
  last_assistant_message: optionalText,
  error: optionalText,
  error_details: optionalText,
  reason: optionalText,
  source: optionalText,
  prompt: optionalText,
});
