// The tool that `--permission-prompt-tool mcp__approval-server__permissions__approve` names.

import type { McpServer, ServerContext } from "@modelcontextprotocol/server";
import type { Gate } from "../../core/gate-contract.ts";
import type { Log } from "../../core/ports/log.ts";
import { decisionOf } from "../../domain/decision.ts";
import { parseToolCall, permissionInputSchema } from "./permission-input.ts";
import { allow, deny, type PermissionResult } from "./permission-result.ts";
import { callerOf, callLimitMs } from "./progress.ts";
import { currentRequestContext, originOf } from "./request-context.ts";
import { toldOnce } from "./told-once.ts";
import { listingOf, TOOLS } from "./tool-table.ts";

export function registerPermissionTool(server: McpServer, gate: Pick<Gate, "request">, log: Log): void {
  server.registerTool(
    TOOLS.permission.name,
    { ...listingOf(TOOLS.permission), inputSchema: toldOnce(permissionInputSchema) },
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
