// Reads what Claude Code sends to the permission tool. Tolerant on the way in: what is wrong gets a deny that says so.

import { z } from "zod";
import { readAs } from "../../core/read-as.ts";
import type { ToolCall } from "../../domain/tool-call.ts";
import { isDeeperThan, MAX_DEPTH } from "../nesting.ts";

/**
 * What the tool advertises. The values are checked in `parseToolCall`, not here: a schema error would reach the
 * model as a protocol error instead of a clear denial.
 */
export const permissionInputSchema = z.looseObject({
  tool_name: z
    .unknown()
    .optional()
    .meta({ type: "string", description: "Name of the tool that wants to run" }),
  input: z
    .unknown()
    .optional()
    .meta({ type: "object", description: "Input of that tool, exactly as it would run" }),
  tool_use_id: z
    .unknown()
    .optional()
    .meta({ type: "string", description: "Id of the call; a repeat joins the first" }),
});

const toolCall = z.object({
  tool_name: z.string({ error: "tool_name is missing or not a text" }).trim().min(1, "tool_name is empty"),
  input: z.record(z.string(), z.unknown(), { error: "input is missing or not an object" }),
  tool_use_id: z.string().min(1).optional().catch(undefined),
});

export type ParsedCall =
  | { readonly ok: true; readonly call: ToolCall }
  | { readonly ok: false; readonly problem: string };

/** Reads a call, or says what is wrong with it. */
export function parseToolCall(input: unknown): ParsedCall {
  const parsed = readAs(toolCall, input);
  if (!parsed.success)
    return { ok: false, problem: parsed.error.issues.map(({ message }) => message).join("; ") };
  const { tool_name, tool_use_id } = parsed.data;
  if (isDeeperThan(parsed.data.input))
    return { ok: false, problem: `input is nested deeper than ${MAX_DEPTH} levels` };
  // The raw input, not zod's copy: what is asked must be what runs, odd keys such as __proto__ included.
  const raw = (input as { input: Record<string, unknown> }).input;
  return {
    ok: true,
    call: {
      toolName: tool_name,
      input: raw,
      toolUseId: tool_use_id,
    },
  };
}
