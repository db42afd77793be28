// Reads what Claude Code's Elicitation hook posts: the form of an MCP server, or a page that it wants opened.

import { z } from "zod";
import { readAs } from "../../core/read-as.ts";
import { FORM_TOOL } from "../../domain/form.ts";
import type { ToolCall } from "../../domain/tool-call.ts";
import { isDeeperThan, MAX_DEPTH } from "../nesting.ts";
import { type HookSource, type ParsedAsk, sourceOf } from "./hook-input.ts";
import { hookSource } from "./hook-schemas.ts";

const elicitation = hookSource.extend({
  hook_event_name: z.literal("Elicitation", { error: "it is another event's" }).optional(),
  mcp_server_name: z.string({ error: "mcp_server_name is missing or not a text" }).min(1),
  message: z.string({ error: "message is missing or not a text" }),
  mode: z.string().optional().catch(undefined),
  requested_schema: z.unknown().optional(),
});

export interface ElicitationAsk extends HookSource {
  /** The form as a call: its input is what is shown and answered. */
  readonly call: ToolCall;
  /** A page to open instead of a form. */
  readonly isPage: boolean;
  readonly server: string;
  readonly message: string;
}

/** Reads the body of an Elicitation, or says what is wrong with it, without quoting it. */
export function parseElicitation(body: unknown): ParsedAsk<ElicitationAsk> {
  const parsed = readAs(elicitation, body);
  if (!parsed.success)
    return { ok: false, problem: parsed.error.issues.map(({ message }) => message).join("; ") };
  const { mcp_server_name, message, mode } = parsed.data;
  // The raw schema, not zod's copy.
  const { requested_schema } = body as { requested_schema?: unknown };
  if (isDeeperThan(requested_schema))
    return { ok: false, problem: `requested_schema is nested deeper than ${MAX_DEPTH} levels` };
  const input = { mcp_server_name, message, requested_schema };
  const isPage = mode !== undefined && mode !== "form";
  const call = { toolName: FORM_TOOL, input };
  return { ok: true, ask: { ...sourceOf(parsed.data), call, isPage, server: mcp_server_name, message } };
}
