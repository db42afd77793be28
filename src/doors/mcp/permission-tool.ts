// The tool that `--permission-prompt-tool mcp__approval-server__permissions__approve` names.

import type { McpServer, ServerContext } from "@modelcontextprotocol/server";
import type { Gate } from "../../core/gate-contract.ts";
import type { Log } from "../../core/ports/log.ts";
import { decisionOf } from "../../domain/decision.ts";
import { parseToolCall, permissionInputSchema } from "./permission-input.ts";
import { allow, deny, type PermissionResult } from "./permission-result.ts";
import { callerOf, callLimitMs } from "./progress.ts";
import { currentRequestContext, originOf } from "./request-context.ts";

export const PERMISSION_TOOL = "permissions__approve";

export function registerPermissionTool(server: McpServer, gate: Pick<Gate, "request">, log: Log): void {
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

async function decide(
  input: unknown,
  ctx: ServerContext,
  gate: Pick<Gate, "request">,
  log: Log,
): Promise<PermissionResult> {
  const parsed = parseToolCall(input);
  if (!parsed.ok)
    return deny(`The approval server got an invalid request: ${parsed.problem}. Nothing was approved.`);
  const { call } = parsed;
  const context = currentRequestContext();
  const maxWaitMs = callLimitMs(ctx);
  const answer = await gate.request({ call, ...(await originOf(context)), maxWaitMs }, callerOf(ctx, log));
  // The context tells when the result has really left; without one (another transport), returning it counts.
  void (context?.written ?? Promise.resolve(true)).then(answer.acknowledge);
  const decision = decisionOf(answer.request, answer.outcome);
  return decision.behavior === "allow" ? allow(decision.input, decision.hasAnswers) : deny(decision.message);
}
