// Reads what `claude -p --output-format stream-json` prints: one JSON object a line. Tolerant: what it does not know it passes over,
// because each version adds kinds of events.

import { z } from "zod";
import { readAs } from "../core/read-as.ts";

const begun = z.object({
  type: z.literal("system"),
  subtype: z.literal("init"),
  session_id: z.uuid(),
  cwd: z.string(),
  permissionMode: z.string().optional(),
  claude_code_version: z.string().optional(),
  mcp_servers: z.array(z.object({ name: z.string(), status: z.string() })).default([]),
});
const block = z.union([
  z.object({ type: z.literal("text"), text: z.string() }),
  z.object({
    type: z.literal("tool_use"),
    id: z.string(),
    name: z.string(),
    input: z.record(z.string(), z.unknown()),
  }),
  z.object({ type: z.literal("tool_result"), tool_use_id: z.string(), is_error: z.boolean().optional() }),
  z.object({ type: z.string() }).transform(() => ({ type: "other" as const })),
]);
const message = z.object({
  type: z.enum(["assistant", "user"]),
  message: z.object({ content: z.union([z.string().transform(() => []), z.array(block)]) }),
});
const ended = z.object({
  type: z.literal("result"),
  subtype: z.string(),
  is_error: z.boolean().default(false),
  result: z.string().optional(),
  num_turns: z.number().optional(),
  permission_denials: z.array(z.object({ tool_name: z.string() })).default([]),
  errors: z.array(z.string()).default([]),
});
const line = z.union([begun, message, ended]);

export type ClaudeEvent =
  | {
      readonly kind: "begun";
      readonly sessionId: string;
      readonly cwd: string;
      readonly permissionMode: string | undefined;
      readonly version: string | undefined;
      /** Names of the MCP servers that did connect. */
      readonly connected: readonly string[];
    }
  | { readonly kind: "said"; readonly text: string }
  | {
      readonly kind: "tool";
      readonly id: string;
      readonly name: string;
      readonly input: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: "tool-result"; readonly id: string; readonly isError: boolean }
  | {
      readonly kind: "ended";
      /** `success`, `error_max_turns`, `error_during_execution` … */
      readonly how: string;
      readonly isError: boolean;
      readonly text: string;
      readonly turns: number | undefined;
      /** Tools whose calls were denied. */
      readonly denied: readonly string[];
      readonly errors: readonly string[];
    };

/** The events of one line; none where it is no event that counts here. Never throws. */
export function readClaudeEvents(text: string): readonly ClaudeEvent[] {
  const parsed = readAs(line, jsonOf(text));
  if (!parsed.success) return [];
  const { data } = parsed;
  switch (data.type) {
    case "system":
      return [
        {
          kind: "begun",
          sessionId: data.session_id,
          cwd: data.cwd,
          permissionMode: data.permissionMode,
          version: data.claude_code_version,
          connected: data.mcp_servers.flatMap(({ name, status }) => (status === "connected" ? [name] : [])),
        },
      ];
    case "result":
      return [
        {
          kind: "ended",
          how: data.subtype,
          isError: data.is_error || data.subtype !== "success",
          text: data.result ?? "",
          turns: data.num_turns,
          denied: data.permission_denials.map(({ tool_name }) => tool_name),
          errors: data.errors,
        },
      ];
    default:
      return data.message.content.flatMap((part): ClaudeEvent[] => {
        if (part.type === "text") return data.type === "assistant" ? [{ kind: "said", text: part.text }] : [];
        if (part.type === "tool_use")
          return [{ kind: "tool", id: part.id, name: part.name, input: part.input }];
        if (part.type === "tool_result")
          return [{ kind: "tool-result", id: part.tool_use_id, isError: part.is_error ?? false }];
        return [];
      });
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
