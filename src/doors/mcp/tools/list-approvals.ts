// `list_approvals`: what was asked, newest first, a page at a time. Reading fetches no answer.

import type { McpServer } from "@modelcontextprotocol/server";
import { z } from "zod";
import { readAs } from "../../../core/read-as.ts";
import { askProblem } from "../../approval-ask.ts";
import { cursorOf, placeOfCursor, statusSchema } from "../../held/shapes.ts";
import { currentRequestContext } from "../request-context.ts";
import { DATA_NOTE, shownCall } from "../shown-call.ts";
import { listingOf, TOOLS } from "../tool-table.ts";
import { advertised, failure, toolResult } from "./approval-result.ts";
import { guarded, type ToolDeps } from "./tool-parts.ts";

/** Requests a page: as many as fit below what Claude Code takes of one result, 25,000 tokens. */
const MAX_LIMIT = 50;

const inputSchema = z.strictObject({
  status: statusSchema.optional().describe("Only those that stand so."),
  project: z.string().min(1).max(1_000).optional().describe("Only those of this project, by its name."),
  limit: z.int().min(1).max(MAX_LIMIT).default(20),
  cursor: z.string().max(100).optional().describe("The next_cursor of the page before, as it is."),
});

const outputSchema = z.object({
  approvals: z
    .array(
      z.object({
        approval_id: z.string(),
        status: statusSchema,
        decided: z.boolean(),
        reason: z.string().optional(),
        created_at: z.iso.datetime(),
        expires_at: z.iso.datetime(),
        door: z.string(),
        tool_name: z.string(),
        call: z.string().describe("The call in one line."),
        input: z.unknown().describe("Recognised secrets masked; {omitted} where it is long."),
        project: z.string().optional(),
        requester: z.string().optional().describe("Name of the caller's token."),
        grant: z
          .string()
          .optional()
          .describe("Approved without asking: the request that Session was given with."),
      }),
    )
    .optional()
    .describe("Newest first. May be fewer than limit on any page. Absent when the call failed."),
  next_cursor: z.string().optional().describe("There is more. Absent on the last page."),
  note: z.string().optional(),
  // Clients hold a failure against this schema, too.
  status: z.literal("error").optional().describe("The call failed."),
  decided: z.boolean().optional(),
  reason: z.string().optional().describe("Why it failed."),
});

export function registerListApprovals(server: McpServer, { approvals, log }: ToolDeps): void {
  server.registerTool(
    TOOLS.list.name,
    { ...listingOf(TOOLS.list), inputSchema: advertised(inputSchema), outputSchema },
    (input) =>
      guarded(log, async () => {
        const parsed = readAs(inputSchema, input ?? {});
        if (!parsed.success) return toolResult(failure(`${askProblem(parsed.error)}.`), true);
        const { cursor, ...query } = parsed.data;
        const after = cursor === undefined ? undefined : placeOfCursor(cursor);
        if (cursor !== undefined && after === undefined)
          return toolResult(failure("cursor is not one that this server gave."), true);
        const page = await approvals.desk.list({ ...query, after }, currentRequestContext()?.requester);
        const result = {
          approvals: page.records.map(({ listed }) => shownCall(listed)),
          ...(page.next === undefined ? {} : { next_cursor: cursorOf(page.next) }),
          note: DATA_NOTE,
        };
        return toolResult(result, false);
      }),
  );
}
