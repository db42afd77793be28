// Approval asked for by choice: an agent or a script says what it is about to do, in its own words.

/** The tool's name for MCP clients, and what the phone shows for every request of this kind. */
export const REQUEST_TOOL = "request_approval";

/** Who waits for the answer, in a sentence. */
export function askerOf(toolName: string): string {
  return toolName === REQUEST_TOOL ? "the caller" : "Claude";
}
