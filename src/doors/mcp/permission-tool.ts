// The tool that `--permission-prompt-tool mcp__approval-server__permissions__approve` names.
import type { McpServer, ServerContext } from "@modelcontextprotocol/server";
import type { Gate } from "../../core/gate-contract.ts";
import type { Log } from "../../core/ports.ts";
import type { Progress } from "../../core/wait.ts";
import { decisionOf } from "../../domain/decision.ts";
import { currentExchange } from "./exchange.ts";
import { parseToolCall, permissionInputSchema } from "./permission-input.ts";
import { allow, deny, type PermissionResult } from "./permission-result.ts";

export const PERMISSION_TOOL = "permissions__approve";

/**
 * Without a progress token nothing resets the client's clock: Claude Code drops a silent call after 300 s.
 * Ten seconds below, so that the answer is read before.
 */
const SILENT_WAIT_MS = 290_000;

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
  const exchange = currentExchange();
  const { progressToken } = ctx.mcpReq._meta ?? {};
  const answer = await gate.request(
    {
      call,
      door: "mcp",
      ...(exchange?.project === undefined ? {} : { project: exchange.project }),
      ...(exchange?.folder === undefined ? {} : { cwd: exchange.folder }),
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
  const decision = decisionOf(answer.request, answer.outcome);
  return decision.behavior === "allow"
    ? allow(decision.input, decision.rule, decision.hasAnswers)
    : deny(decision.message);
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
