// What an MCP client gets for a call that did not run: an error with the reason in words, and its code for programs.
import type { Refusal } from "../domain/reason-code.ts";
import type { ToolResult } from "./ports/tool-source.ts";

/** How every key of ours in a result's `_meta` begins: what comes from others must have none. */
export const OWN_META = "approval-server/";

/** Where a client finds the code and the request's id, beside the text. */
const META = `${OWN_META}refusal`;

export function refusedResult({ code, message, id }: Omit<Refusal, "kind">): ToolResult {
  return {
    content: [{ type: "text", text: `Not run (${code}): ${message}` }],
    isError: true,
    _meta: { [META]: { reason_code: code, ...(id === undefined ? {} : { approval_id: id }) } },
  };
}
