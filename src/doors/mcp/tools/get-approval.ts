// `get_approval`: how a request stands; the answer of one that was made with wait: false is fetched by it.

import type { McpServer } from "@modelcontextprotocol/server";
import { z } from "zod";
import type { Clock } from "../../../core/ports/clock.ts";
import { readAs } from "../../../core/read-as.ts";
import { askProblem } from "../../approval-ask.ts";
import type { HeldResult } from "../../held/held-result.ts";
import { currentRequestContext } from "../request-context.ts";
import { listingOf, TOOLS } from "../tool-table.ts";
import { advertised, failure, resultSchema, standingResult, toolResult } from "./approval-result.ts";
import { guarded, idInput, noSuchRequest, type ToolDeps } from "./tool-parts.ts";

/** Below the 60 s after which the MCP SDKs' clients give a silent call up, seconds. */
const MAX_WAIT = 50;

const inputSchema = z.strictObject({
  approval_id: idInput,
  wait_seconds: z
    .int()
    .min(0)
    .max(MAX_WAIT)
    .default(0)
    .describe("How long this call waits for an answer, at most. Take 20 where your client allows it."),
});

export function registerGetApproval(server: McpServer, { approvals, log }: ToolDeps): void {
  server.registerTool(
    TOOLS.get.name,
    { ...listingOf(TOOLS.get), inputSchema: advertised(inputSchema), outputSchema: resultSchema },
    (input, ctx) =>
      guarded(log, async () => {
        const parsed = readAs(inputSchema, input);
        if (!parsed.success) return toolResult(failure(`${askProblem(parsed.error)}.`), true);
        const { approval_id: id, wait_seconds: seconds } = parsed.data;
        const context = currentRequestContext();
        const { desk, clock } = approvals;
        const held = desk.held(id, context?.requester);
        if (held !== undefined) await waitForEnd(held, clock, seconds * 1000, ctx.mcpReq.signal);
        const standing = await desk.standing(id, context?.requester);
        if (standing === undefined) return noSuchRequest();
        standing.handOver(context?.written ?? Promise.resolve(true));
        return toolResult(standingResult(standing.shown), false);
      }),
  );
}

/** Resolves when there is something to say, the time is over, or nobody listens any more. */
async function waitForEnd(held: HeldResult, clock: Clock, ms: number, gone: AbortSignal): Promise<void> {
  if (ms === 0 || held.outcome() !== undefined || gone.aborted) return;
  let stop = () => {};
  await new Promise<void>((resolve) => {
    const unwatch = held.watch(resolve);
    const cancel = clock.after(ms, resolve);
    const leave = () => resolve();
    gone.addEventListener("abort", leave);
    stop = () => {
      unwatch();
      cancel();
      gone.removeEventListener("abort", leave);
    };
  });
  stop();
}
