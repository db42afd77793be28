// The tool that a model calls by choice, to ask a person before it acts. Every failure is a result that is no approval.

import type { McpServer, ServerContext } from "@modelcontextprotocol/server";
import { z } from "zod";
import type { Gate } from "../../core/gate-contract.ts";
import type { Log } from "../../core/ports/log.ts";
import { readAs } from "../../core/read-as.ts";
import type { Submission } from "../../domain/submission.ts";
import { askProblem, askSchema, callOf, resultOf } from "../approval-ask.ts";
import { TooManyOpenError } from "../held/held-results.ts";
import { pending } from "../held/shown-approval.ts";
import { type Approvals, UnavailableError } from "./approvals.ts";
import { callerOf, callLimitMs } from "./progress.ts";
import { currentRequestContext, originOf } from "./request-context.ts";
import { listingOf, TOOLS } from "./tool-table.ts";
import {
  advertised,
  failure,
  NOTHING_APPROVED,
  type RequestResult,
  resultSchema,
  standingResult,
  toolResult,
} from "./tools/approval-result.ts";

export interface RequestToolDeps {
  readonly gate: Pick<Gate, "request">;
  readonly approvals: Pick<Approvals, "heldResults">;
  readonly log: Log;
  /** The longest that a request may wait, ms. */
  readonly timeoutMs: number;
}

const inputSchema = askSchema.extend({
  wait: z
    .boolean()
    .default(true)
    .describe(
      "false: returns at once with an approval_id and status pending; get_approval fetches the answer. For clients that give up on long calls.",
    ),
});

export function registerRequestTool(server: McpServer, deps: RequestToolDeps): void {
  server.registerTool(
    TOOLS.request.name,
    { ...listingOf(TOOLS.request), inputSchema: advertised(inputSchema), outputSchema: resultSchema },
    async (input, ctx) => {
      const result = await decide(input, ctx, deps);
      return toolResult(result, result.status === "error");
    },
  );
}

async function decide(input: unknown, ctx: ServerContext, deps: RequestToolDeps): Promise<RequestResult> {
  const { gate, log, timeoutMs } = deps;
  const parsed = readAs(inputSchema, input);
  if (!parsed.success) {
    return failure(
      `The request is invalid: ${askProblem(parsed.error)}. Nobody was asked and nothing was approved.`,
    );
  }
  const { wait, ...ask } = parsed.data;
  const context = currentRequestContext();
  // The context tells when the result has really left; without one (another transport), returning it counts.
  const written = context?.written ?? Promise.resolve(true);
  const asked = { call: callOf(ask), ...(await originOf(context)) };
  const askedMs = ask.timeout_seconds * 1000;
  if (!wait) return start({ ...asked, maxWaitMs: askedMs }, written, deps);
  const maxWaitMs = Math.min(askedMs, callLimitMs(ctx) ?? Number.POSITIVE_INFINITY);
  const answer = await gate.request({ ...asked, maxWaitMs }, callerOf(ctx, log));
  // As for the permission tool: "approved" is told to the phone only once the result has left.
  void written.then(answer.acknowledge);
  return resultOf(answer.request, answer.outcome, timeoutMs);
}

/** Asks, and leaves the answer to be fetched. */
async function start(
  submission: Submission,
  written: Promise<boolean>,
  { approvals, timeoutMs, log }: RequestToolDeps,
): Promise<RequestResult> {
  try {
    const started = await approvals.heldResults.start(submission);
    if (started.kind === "refused") {
      const { request, outcome } = started.answer;
      if (outcome.status === "approved") throw new Error("an approval that is not in the record");
      const { approval_id: _, ...refused } = resultOf(request, outcome, timeoutMs);
      return refused;
    }
    const { held } = started;
    // A caller that never read the id cannot come back for the answer.
    void written.then((isWritten) => isWritten || held.leave("disconnected"));
    // Always pending, even if it has ended since: the decision is handed over by get_approval alone.
    return standingResult(pending(held.request.id, held.request));
  } catch (error) {
    if (error instanceof UnavailableError) return failure(error.message);
    if (error instanceof TooManyOpenError) return failure(`${error.message} ${NOTHING_APPROVED}`);
    log.error({ err: error }, "a request could not be started: nobody was asked");
    return failure(`The approval server failed; nobody was asked. ${NOTHING_APPROVED}`);
  }
}
