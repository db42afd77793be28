// Approval asked for by choice: an agent or a script says what it is about to do, in its own words.

import type { Executor } from "./tool-call.ts";

/** The tool's name for MCP clients, and what the phone shows for every request of this kind. */
export const REQUEST_TOOL = "request_approval";

/** Who waits for the answer, in a sentence. @param executor who runs what is approved; absent where the caller does */
export function askerOf(toolName: string, executor?: Executor): string {
  return toolName === REQUEST_TOOL || executor === "server" ? "the caller" : "Claude";
}
