// The tools of tasks, for a door that is not MCP.
import type { Door } from "../../domain/tool-call.ts";
import type { ToolCaller, ToolResult, ToolSource } from "./tool-source.ts";

export interface TaskTools extends ToolSource {
  /** As `call`, for a caller at another door. */
  callAt(
    door: Door,
    name: string,
    input: Readonly<Record<string, unknown>>,
    caller: ToolCaller,
  ): Promise<ToolResult>;
}
