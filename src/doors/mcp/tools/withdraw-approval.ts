// `withdraw_approval`: takes back a request that was made with wait: false. It can only end one.

import type { McpServer } from "@modelcontextprotocol/server";
import { z } from "zod";
import { readAs } from "../../../core/read-as.ts";
import { askProblem } from "../../approval-ask.ts";
import { currentRequestContext } from "../request-context.ts";
import { listingOf, TOOLS } from "../tool-table.ts";
import { advertised, failure, resultSchema, standingResult, toolResult } from "./approval-result.ts";
import { guarded, idInput, noSuchRequest, type ToolDeps } from "./tool-parts.ts";

const inputSchema = z.strictObject({ approval_id: idInput });

export function registerWithdrawApproval(server: McpServer, { approvals, log }: ToolDeps): void {
  server.registerTool(
    TOOLS.withdraw.name,
    { ...listingOf(TOOLS.withdraw), inputSchema: advertised(inputSchema), outputSchema: resultSchema },
    (input) =>
      guarded(log, async () => {
        const parsed = readAs(inputSchema, input);
        if (!parsed.success) return toolResult(failure(`${askProblem(parsed.error)}.`), true);
        const context = currentRequestContext();
        const { approval_id: id } = parsed.data;
        const standing = await approvals.desk.withdraw(id, context?.requester);
        if (standing === undefined) return noSuchRequest();
        if ("refused" in standing) return toolResult(failure(standing.refused, id), true);
        standing.handOver(context?.written ?? Promise.resolve(true));
        return toolResult(standingResult(standing.shown), false);
      }),
  );
}
