// Tells a repeat of a call from a new one.
import { createHash } from "node:crypto";
import type { ToolCall } from "../domain/approval.ts";

/** A repeat has the same `tool_use_id` and the same input; without an id nothing is taken for a repeat. */
export function joinKey(call: ToolCall): string | undefined {
  if (call.toolUseId === undefined) return undefined;
  const hash = createHash("sha256");
  for (const part of [call.toolUseId, call.toolName, JSON.stringify(call.input)]) hash.update(`${part}\0`);
  return hash.digest("hex");
}
