// What a caller gets of a call that ran: the server's result as it is, or why there is none. It always says that the call ran,
// or may have.
import type { ToolResult } from "../core/ports/tool-source.ts";
import { OWN_META, refusedResult } from "../core/refused-result.ts";
import type { ApprovalId } from "../domain/tool-call.ts";
import type { Definition } from "./definition.ts";
import type { GatewayEntry } from "./entry.ts";

/** @param result as the server gave it */
export function checkedResult(
  result: Record<string, unknown>,
  { name, maxResultBytes }: GatewayEntry,
  { outputSchema }: Definition,
): ToolResult {
  const size = Buffer.byteLength(JSON.stringify(result));
  if (size > maxResultBytes)
    return failure(
      `It ran, but its result has ${size} bytes, and gateway.json allows ${maxResultBytes} (${name}, maxResultBytes). Ask for less, do not repeat the same call.`,
    );
  const { content = [] } = result;
  if (!Array.isArray(content) || !content.every(isBlock))
    return failure("It ran, but its result is none that MCP knows.");
  const passed = { ...result, ...metaOf(result), content } as ToolResult;
  const lacksStructure = outputSchema !== undefined && passed.structuredContent === undefined;
  // The protocol allows that only of an error.
  return lacksStructure ? { ...passed, isError: true } : passed;
}

const isBlock = (value: unknown) => typeof value === "object" && value !== null;

/** A server must not say in our name that its call was refused. */
function metaOf({ _meta }: Record<string, unknown>): { readonly _meta?: unknown } {
  if (typeof _meta !== "object" || _meta === null) return {};
  return { _meta: Object.fromEntries(Object.entries(_meta).filter(([key]) => !key.startsWith(OWN_META))) };
}

export function failure(message: string, id?: ApprovalId): ToolResult {
  const { _meta, isError } = refusedResult({ code: "failed", message, id });
  return { content: [{ type: "text", text: `Failed: ${message}` }], isError, _meta };
}

/** What to record of a result that is an error. */
export function problemOf({ isError, content }: ToolResult): string | undefined {
  if (isError !== true) return undefined;
  const text = content.find((block) => block["type"] === "text")?.["text"];
  return typeof text === "string" ? text : "the tool says that it failed";
}
