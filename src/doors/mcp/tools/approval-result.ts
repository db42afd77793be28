// What the tools answer about one request: one shape, as structured content and the same once more as a text, for models and
// clients that read texts only.
import { z } from "zod";
import { type ShownApproval, statusSchema } from "../../held/shapes.ts";
import { toldOnce } from "../told-once.ts";
import { ASK_AGAIN_SECONDS } from "../tool-table.ts";

/** Says of itself that it promises nothing: a call that is not understood approves nothing. */
export const NOTHING_APPROVED = "Nothing was approved.";

export const resultSchema = z.object({
  approval_id: z.string().optional().describe("Absent when the request could not be read."),
  status: statusSchema.describe(
    'Only "approved" allows the action. "pending": nobody has answered yet. "expired" and "timeout": nobody answered. ' +
      '"error": nobody could be asked, it was withdrawn, or the answer is not certain.',
  ),
  decided: z.boolean().describe("Whether the person or a policy has decided."),
  reason: z.string().optional().describe("What happened, in words, of everything that is not an approval."),
  expires_at: z.iso
    .datetime()
    .optional()
    .describe("While it is pending: when it ends without an answer, UTC."),
  ask_again_after_seconds: z
    .int()
    .optional()
    .describe("While it is pending: how long to wait before get_approval is called again."),
});

export type RequestResult = z.infer<typeof resultSchema>;

/** A failure of the call itself. @param reason a sentence or several */
export function failure(reason: string, approvalId?: string): RequestResult {
  return {
    ...(approvalId !== undefined && { approval_id: approvalId }),
    status: "error",
    decided: false,
    reason,
  };
}

/** How a request stands, in the words of the tools. */
export function standingResult({ created_at, expires_at, ...shown }: ShownApproval): RequestResult {
  if (shown.status !== "pending") return shown;
  return { ...shown, expires_at, ask_again_after_seconds: ASK_AGAIN_SECONDS };
}

/** @param isError whether the call failed; a request that ended badly is no failure of asking about it */
export function toolResult(result: Readonly<Record<string, unknown>>, isError: boolean) {
  return {
    content: [{ type: "text" as const, text: JSON.stringify(result) }],
    structuredContent: { ...result },
    ...(isError ? { isError: true } : {}),
  };
}

/**
 * Advertises a strict schema and takes everything: the SDK's own check would answer with a bare text instead of a result
 * that says `error`. What comes in is checked by the tool.
 */
export function advertised<S extends z.ZodType>(schema: S) {
  return { "~standard": { ...toldOnce(schema)["~standard"], validate: (value: unknown) => ({ value }) } };
}
