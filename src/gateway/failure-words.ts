// Why a call that was made has no result, for a model: nothing in it came from the server, but for the error that MCP provides.
import { ProtocolError, SdkError, SdkErrorCode } from "@modelcontextprotocol/client";
import type { Approval } from "../core/gated-call.ts";
import { visibleLine } from "../domain/visible.ts";
import { wordsOf } from "./connection.ts";
import type { GatewayEntry } from "./entry.ts";

/** UTF-16 units of a server's own words. */
const MAX_WORDS = 500;

export function failureWords(
  error: unknown,
  { name, timeoutMs }: GatewayEntry,
  { signal, stopped }: Pick<Approval, "signal" | "stopped">,
): string {
  if (signal.aborted) return "The call was given up while it ran. Whether it took effect is not known.";
  if (stopped.aborted)
    return `The person stopped everything while it ran. The MCP server ${name} was told to stop; whether the call took effect is not known.`;
  if (error instanceof SdkError && error.code === SdkErrorCode.RequestTimeout)
    return `The MCP server ${name} gave no result within ${timeoutMs / 1000} s (timeoutSeconds in gateway.json). It was told to stop; whether the call took effect is not known.`;
  if (error instanceof ProtocolError)
    return `The MCP server ${name} answered with error ${error.code}: ${visibleLine(error.message).slice(0, MAX_WORDS)}`;
  return `The MCP server ${name} ended the call without a result: ${wordsOf(error)}. Whether it took effect is not known.`;
}
