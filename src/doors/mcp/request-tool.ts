// The tool that a model calls by choice, to ask a person before it acts. Every failure is a result that is no approval.

import type { McpServer, ServerContext } from "@modelcontextprotocol/server";
import { z } from "zod";
import type { Gate } from "../../core/gate-contract.ts";
import type { Log } from "../../core/ports/log.ts";
import { REQUEST_TOOL } from "../../domain/request-approval.ts";
import {
  type ApprovalResult,
  askProblem,
  askSchema,
  callOf,
  RESULT_STATUSES,
  resultOf,
} from "../approval-ask.ts";
import { callerOf, callLimitMs } from "./progress.ts";
import { currentRequestContext, originOf } from "./request-context.ts";

export interface RequestToolDeps {
  readonly gate: Pick<Gate, "request">;
  readonly log: Log;
  /** The longest that a request may wait, ms. */
  readonly timeoutMs: number;
}

/** `approval_id` is absent where nothing was asked. */
type RequestResult = Omit<ApprovalResult, "approval_id"> & { readonly approval_id?: string };

const resultSchema = z.object({
  approval_id: z.string().optional().describe("Absent when the request could not be read."),
  status: z
    .enum(RESULT_STATUSES)
    .describe(
      'Only "approved" allows the action. "expired" and "timeout": nobody answered. "error": nobody could be asked, or the answer is not certain.',
    ),
  decided: z.boolean().describe("Whether the person or a policy has decided."),
  reason: z.string().optional().describe("What happened, in words, of everything that is not an approval."),
});

/**
 * Advertises the strict schema and takes everything: the SDK's own check would answer with a bare text instead of a
 * result that says `error`. What comes in is checked in `decide`.
 */
const advertised = {
  "~standard": { ...askSchema["~standard"], validate: (value: unknown) => ({ value }) },
};

const TITLE = "Ask a person on WhatsApp";

export function registerRequestTool(server: McpServer, deps: RequestToolDeps): void {
  server.registerTool(
    REQUEST_TOOL,
    {
      title: TITLE,
      description:
        "Asks a person on WhatsApp to approve an action before you take it, and waits for the answer. " +
        'Go on only if status is "approved"; everything else means that the action must not be taken.',
      inputSchema: advertised,
      outputSchema: resultSchema,
      annotations: {
        title: TITLE,
        readOnlyHint: false,
        destructiveHint: false,
        idempotentHint: false,
        openWorldHint: true,
      },
    },
    async (input, ctx) => toolResult(await decide(input, ctx, deps)),
  );
}

async function decide(
  input: unknown,
  ctx: ServerContext,
  { gate, log, timeoutMs }: RequestToolDeps,
): Promise<RequestResult> {
  const parsed = askSchema.safeParse(input);
  if (!parsed.success) {
    const reason = `The request is invalid: ${askProblem(parsed.error)}. Nobody was asked and nothing was approved.`;
    return { status: "error", decided: false, reason };
  }
  const context = currentRequestContext();
  const maxWaitMs = Math.min(
    parsed.data.timeout_seconds * 1000,
    callLimitMs(ctx) ?? Number.POSITIVE_INFINITY,
  );
  const submission = { call: callOf(parsed.data), ...(await originOf(context)), maxWaitMs };
  const answer = await gate.request(submission, callerOf(ctx, log));
  // As for the permission tool: "approved" is told to the phone only once the result has left.
  void (context?.written ?? Promise.resolve(true)).then(answer.acknowledge);
  return resultOf(answer.request, answer.outcome, timeoutMs);
}

/** The same twice: for programs, and for models and clients that read texts only. */
function toolResult(result: RequestResult) {
  return {
    content: [{ type: "text" as const, text: JSON.stringify(result) }],
    structuredContent: { ...result },
    ...(result.status === "error" ? { isError: true } : {}),
  };
}
