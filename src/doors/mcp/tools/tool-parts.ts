// What the tools for callers that come back have in common.
import type { CallToolResult } from "@modelcontextprotocol/server";
import { z } from "zod";
import type { Log } from "../../../core/ports/log.ts";
import { type Approvals, UnavailableError } from "../approvals.ts";
import { failure, NOTHING_APPROVED, toolResult } from "./approval-result.ts";

export interface ToolDeps {
  readonly approvals: Approvals;
  readonly log: Log;
}

/** What no id has: read as one that there is not, so that a stranger's guess and a typing error look alike. */
export const idInput = z
  .string()
  .trim()
  .min(1, "is empty")
  .max(100)
  .describe("The approval_id that request_approval returned: five letters.");

/** Of nobody, or of another token: the answer is the same. */
export function noSuchRequest(): CallToolResult {
  return toolResult(failure(`There is no such request of yours. ${NOTHING_APPROVED}`), true);
}

/** Whatever fails, the model reads a result that approves nothing, and nothing of the inside. */
export async function guarded(log: Log, work: () => Promise<CallToolResult>): Promise<CallToolResult> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UnavailableError) return toolResult(failure(error.message), true);
    log.error({ err: error }, "a tool could not look up a request");
    return toolResult(failure(`The approval server failed. ${NOTHING_APPROVED}`), true);
  }
}
