// The tool that `--permission-prompt-tool mcp__approval-server__permissions__approve` names.
import type { McpServer, ServerContext } from "@modelcontextprotocol/server";
import type { Gate } from "../../core/gate-contract.ts";
import type { Log } from "../../core/ports.ts";
import type { Progress } from "../../core/wait.ts";
import { denialText } from "../../domain/answer.ts";
import { QUESTION_TOOL } from "../../domain/question.ts";
import { currentExchange } from "./exchange.ts";
import { parseToolCall, permissionInputSchema } from "./permission-input.ts";
import { allow, deny, type PermissionResult } from "./permission-result.ts";

export const PERMISSION_TOOL = "permissions__approve";

/**
 * Without a progress token nothing resets the client's clock: Claude Code drops a silent call after 300 s.
 * Ten seconds below, so that the answer is read before.
 */
const SILENT_WAIT_MS = 290_000;

/** Questions need an answer, not a permission; an allow without answers would tell the model that nothing was chosen. */
const QUESTION_REFUSED =
  "Questions cannot be answered from the phone. Write the question as your last text and stop, or choose the safest option and say so.";

export function registerPermissionTool(server: McpServer, gate: Gate, log: Log): void {
  server.registerTool(
    PERMISSION_TOOL,
    {
      title: "Ask for approval on WhatsApp",
      description:
        "Asks a person on WhatsApp whether a tool call may run, and waits for the answer. For Claude Code's --permission-prompt-tool.",
      inputSchema: permissionInputSchema,
      annotations: {
        title: "Ask for approval on WhatsApp",
        readOnlyHint: false,
        destructiveHint: false,
        idempotentHint: false,
        openWorldHint: true,
      },
      // Claude Code cuts results at 25,000 tokens unless the tool raises the limit; an allow echoes the input.
      _meta: { "anthropic/maxResultSizeChars": 500_000 },
    },
    (input, ctx) => decide(input, ctx, gate, log),
  );
}

async function decide(input: unknown, ctx: ServerContext, gate: Gate, log: Log): Promise<PermissionResult> {
  const parsed = parseToolCall(input);
  if (!parsed.ok)
    return deny(`The approval server got an invalid request: ${parsed.problem}. Nothing was approved.`);
  const { call } = parsed;
  if (call.toolName === QUESTION_TOOL) return deny(QUESTION_REFUSED);
  const exchange = currentExchange();
  const folder = await exchange?.folder;
  const { progressToken } = ctx.mcpReq._meta ?? {};
  const answer = await gate.request(
    {
      call,
      door: "mcp",
      ...(exchange?.project === undefined ? {} : { project: exchange.project }),
      ...(folder === undefined ? {} : { cwd: folder }),
      ...(exchange?.requester === undefined ? {} : { requester: exchange.requester }),
      ...(progressToken === undefined ? { maxWaitMs: SILENT_WAIT_MS } : {}),
    },
    {
      signal: ctx.mcpReq.signal,
      ...(progressToken === undefined ? {} : { onProgress: notifier(ctx, progressToken, log) }),
    },
  );
  // The exchange tells when the result has really left; without one (another transport) returning it has to do.
  void (exchange?.written ?? Promise.resolve(true)).then(answer.answered);
  const { request, outcome } = answer;
  return outcome.status === "approved"
    ? allow(call.input, outcome.session?.rule)
    : deny(denialText(request, outcome));
}

function notifier(
  ctx: ServerContext,
  progressToken: string | number,
  log: Log,
): (progress: Progress) => void {
  let last = -1;
  return (progress) => {
    const total = seconds(progress.request.expiresAt - progress.request.createdAt);
    // The protocol wants a value that grows with every notification, also with two in one second.
    last = Math.max(total - seconds(progress.leftMs), last + 0.001);
    ctx.mcpReq
      .notify({
        method: "notifications/progress",
        params: { progressToken, progress: last, total, message: progressText(progress) },
      })
      .catch((error: unknown) => log.debug({ err: error }, "a progress note was not taken"));
  };
}

/** "waiting for WhatsApp approval kqmwa, 4:45 left; delivered". Claude Code shows up to 200 characters. */
export function progressText({ request, leftMs, delivery }: Progress): string {
  const left = seconds(leftMs);
  const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  return `waiting for WhatsApp approval ${request.id}, ${clock} left; ${delivery}`;
}

function seconds(ms: number): number {
  return Math.ceil(ms / 1000);
}
