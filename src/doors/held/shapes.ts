// How a request stands, as a program reads it, the same over REST and MCP; and where a page of a list begins.
import { z } from "zod";
import type { RecordPlace } from "../../core/ports/history-store.ts";
import { isApprovalId } from "../../domain/tool-call.ts";
import { RESULT_STATUSES } from "../approval-ask.ts";

export const idSchema = z
  .string()
  .regex(/^[a-km-z]{5}$/)
  .describe("Five letters, as on the phone.");
const time = z.iso.datetime().describe("UTC.");

/** `pending` while it waits, and while an answer has not been fetched by the one who asked. */
export const statusSchema = z.enum(["pending", ...RESULT_STATUSES]);
export type ShownStatus = z.infer<typeof statusSchema>;

/** The first two keys come first in the text, too: shell scripts without a JSON parser rely on it. */
export const approvalSchema = z.strictObject({
  approval_id: idSchema,
  status: statusSchema.describe(
    "Only `approved` allows anything. `expired`: nobody answered, or nobody fetched the answer in time. " +
      "`timeout`: nobody answered within your own timeout_seconds. `error`: withdrawn, undeliverable, or a failure.",
  ),
  decided: z.boolean().describe("Whether a person or the policy has decided, and the decision counts."),
  reason: z.string().optional().describe("What happened, of everything that is not an approval."),
  created_at: time,
  expires_at: time,
});
export type ShownApproval = z.infer<typeof approvalSchema>;

/** A cursor is where its page has ended, and callers should read nothing into it. It asks the record nothing about an id. */
export function cursorOf({ createdAt, id }: RecordPlace): string {
  return Buffer.from(`after:${createdAt}:${id}`).toString("base64url");
}

/** @returns undefined when it is not one that we gave out */
export function placeOfCursor(cursor: string): RecordPlace | undefined {
  const [, createdAt, id = ""] =
    /^after:(\d{1,16}):([a-z]{5})$/.exec(Buffer.from(cursor, "base64url").toString()) ?? [];
  return createdAt !== undefined && isApprovalId(id) ? { createdAt: Number(createdAt), id } : undefined;
}
