// Answers a call that is too much to be read: its arguments never are, only which message it was. Always a denial.
import type { ErrorRequestHandler } from "express";
import type { Log } from "../../core/ports/log.ts";
import { REQUEST_TOOL } from "../../domain/request-approval.ts";
import { TooMuchError } from "../body-limits.ts";
import { deny } from "./permission-result.ts";

/** What of a message is looked at, bytes: clients put its id at its beginning or at its end. */
const EDGE = 2_000;
const ID = '("(?:[^"\\\\]{0,200})"|-?\\d{1,15})';
const AT_START = new RegExp(`^\\{\\s*"jsonrpc"\\s*:\\s*"2\\.0"\\s*,\\s*"id"\\s*:\\s*${ID}\\s*,`);
const AT_END = new RegExp(
  `,\\s*(?:"id"\\s*:\\s*${ID}|"jsonrpc"\\s*:\\s*"2\\.0"\\s*,\\s*"id"\\s*:\\s*${ID}|"id"\\s*:\\s*${ID}\\s*,\\s*"jsonrpc"\\s*:\\s*"2\\.0")\\s*\\}\\s*$`,
);

/** From this version on a result says of itself that it is whole. */
const FIRST_WITH_RESULT_TYPE = "2026-07-28";

/** For errors on the door's path. */
export function refuseTooMuchMcp(path: string, log: Log): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (!(error instanceof TooMuchError) || req.path.toLowerCase() !== path || res.headersSent)
      return next(error);
    log.refused({ problem: error.message }, "a call was too large to be read: denied");
    const isNew = (req.get("mcp-protocol-version") ?? "") >= FIRST_WITH_RESULT_TYPE;
    const answer = tooMuchAnswer(error, isNew);
    res.status(answer.id === null ? 400 : 200).json(answer);
  };
}

/** What a client is told of a message that was not read. Where its id is not certain, there is no answer to it. */
type TooMuchAnswer =
  | { readonly jsonrpc: "2.0"; readonly id: null; readonly error: { code: number; message: string } }
  | { readonly jsonrpc: "2.0"; readonly id: string | number; readonly result: Record<string, unknown> };

/** @param isNew whether the client reads the results of 2026-07-28 */
export function tooMuchAnswer(error: TooMuchError, isNew: boolean): TooMuchAnswer {
  const head = error.raw.subarray(0, EDGE).toString("latin1");
  const id = idOf(head, error.raw.subarray(-EDGE).toString("latin1"));
  const words = `The call is too large for the approval server: ${error.message}. Nobody was asked and nothing was approved. Split it into smaller ones.`;
  if (id === undefined) return { jsonrpc: "2.0", error: { code: -32_600, message: words }, id: null };
  const isRequest = head.includes(`"name":"${REQUEST_TOOL}"`);
  const result = isRequest ? { status: "error", decided: false, reason: words } : undefined;
  const told =
    result === undefined
      ? deny(words)
      : {
          content: [{ type: "text", text: JSON.stringify(result) }],
          structuredContent: result,
          isError: true,
        };
  return { jsonrpc: "2.0", id, result: { ...told, ...(isNew && { resultType: "complete" }) } };
}

/** @returns the id of the message; undefined where that is not certain */
function idOf(head: string, tail: string): string | number | undefined {
  const [, first] = AT_START.exec(head) ?? [];
  const last = (AT_END.exec(tail) ?? []).slice(1).find((id) => id !== undefined);
  const id = first ?? last;
  return id === undefined ? undefined : (JSON.parse(id) as string | number);
}
