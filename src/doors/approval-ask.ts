// What an agent or a script says when it asks by choice, the same through MCP and REST, and what it gets back.

import { z } from "zod";
import type { StoredApproval } from "../core/ports/request-store.ts";
import type { ApprovalRequest, Outcome } from "../domain/approval.ts";
import { denialText } from "../domain/denial.ts";
import { REQUEST_TOOL } from "../domain/request-approval.ts";
import type { Submission } from "../domain/submission.ts";
import { visibleLine } from "../domain/visible.ts";

/** Characters; longer texts belong into `action`, which is shown in full. */
const MAX_SUMMARY_LENGTH = 1_000;
const MAX_ACTION_LENGTH = 20_000;
/** A caller's own odd keys are quoted, but not at any length. */
const MAX_PROBLEM_LENGTH = 500;
/** Seconds: the bounds of `APPROVAL_TIMEOUT_SECONDS`, which limits it as well. */
const MIN_TIMEOUT = 10;
const MAX_TIMEOUT = 3_600;

const text = (max: number) => z.string().trim().min(1, "is empty").max(max);

export const askSchema = z.strictObject({
  action: text(MAX_ACTION_LENGTH).describe(
    "What will be done if it is approved, exactly: the command, the change, the recipient. Shown to the person in full.",
  ),
  summary: text(MAX_SUMMARY_LENGTH).describe(
    "What it is for, in one sentence that a person reads on a phone.",
  ),
  reason: text(MAX_SUMMARY_LENGTH).optional().describe("Why it is needed now."),
  timeout_seconds: z
    .int()
    .min(MIN_TIMEOUT)
    .max(MAX_TIMEOUT)
    .default(300)
    .describe("How long to wait for the person. The server's own limit also holds."),
});

export type Ask = z.infer<typeof askSchema>;

/** What is wrong with an ask, in one line; names the fields. */
export function askProblem(error: z.ZodError): string {
  const lines = error.issues.map(({ path, message }) => [...path, message].join(": "));
  return visibleLine(lines.join("; ")).slice(0, MAX_PROBLEM_LENGTH);
}

/** `error`: nobody could be asked, or the answer could not be kept. `timeout`: the caller's own time ran out. */
export const RESULT_STATUSES = ["approved", "denied", "expired", "timeout", "error"] as const;
type ResultStatus = (typeof RESULT_STATUSES)[number];

/** How a request ended, for a program. */
export interface ApprovalResult {
  readonly approval_id: string;
  readonly status: ResultStatus;
  /** Whether a person or the policy has decided. Only `status: "approved"` allows anything. */
  readonly decided: boolean;
  /** For everything that is not an approval: what happened, in words. */
  readonly reason?: string | undefined;
}

/** The call that the person sees. */
export function callOf({ action, summary, reason }: Ask): Submission["call"] {
  const input = {
    action,
    // The same words twice would only cost the person's time.
    ...(summary === action ? {} : { summary }),
    // A field that is there is shown.
    ...(reason === undefined ? {} : { reason }),
  };
  return { toolName: REQUEST_TOOL, input };
}

/**
 * @param approval the request as it waited, or as the store has it
 * @param serverTimeoutMs the longest that a request may wait: an earlier end was the caller's own wish
 */
export function resultOf(
  approval: ApprovalRequest | StoredApproval,
  outcome: Outcome,
  serverTimeoutMs: number,
): ApprovalResult {
  const { id, createdAt, expiresAt } = approval;
  if (outcome.status === "approved") return { approval_id: id, status: "approved", decided: true };
  const reason = denialText(asked(approval), outcome);
  const failed = { approval_id: id, reason };
  switch (outcome.status) {
    case "denied":
    case "refused":
    case "blocked":
      return { ...failed, status: "denied", decided: true };
    case "expired":
      return {
        ...failed,
        status: expiresAt - createdAt < serverTimeoutMs ? "timeout" : "expired",
        decided: false,
      };
    case "limited":
    case "undeliverable":
    case "cancelled":
    case "failed":
      return { ...failed, status: "error", decided: false };
  }
}

function asked(approval: ApprovalRequest | StoredApproval): Parameters<typeof denialText>[0] {
  const { createdAt, expiresAt } = approval;
  const toolName = "call" in approval ? approval.call.toolName : approval.toolName;
  return { createdAt, expiresAt, call: { toolName } };
}
