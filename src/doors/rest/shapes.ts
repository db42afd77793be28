// What the REST door takes and gives, as schemas: requests are checked against them, and the OpenAPI document is made of them.

import { z } from "zod";
import { DOORS, isApprovalId } from "../../domain/tool-call.ts";
import { RESULT_STATUSES } from "../approval-ask.ts";
import { PROJECT_HEADER } from "../project.ts";

/** Results a page. */
const MAX_LIMIT = 100;

const idSchema = z
  .string()
  .regex(/^[a-km-z]{5}$/)
  .describe("Five letters, as on the phone.");
const time = z.iso.datetime().describe("UTC.");

/** `pending` while it waits, and while an answer has not been fetched by the one who asked. */
const statusSchema = z.enum(["pending", ...RESULT_STATUSES]);
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

const listedSchema = approvalSchema.extend({
  door: z.enum(DOORS),
  tool_name: z.string(),
  input: z.record(z.string(), z.unknown()).describe("Recognised secrets masked."),
  project: z.string().optional(),
  requester: z.string().optional().describe("Name of the caller's token."),
  grant: z
    .string()
    .optional()
    .describe(
      "Approved without asking, by what Session had allowed: the id of the request it was given with.",
    ),
});

export const listSchema = z.strictObject({
  approvals: z.array(listedSchema).describe("Newest first. May be fewer than `limit` on any page."),
  next_cursor: z.string().optional().describe("There is more: send it as `cursor`. Absent on the last page."),
});

export const createHeadersSchema = z.object({
  "idempotency-key": z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/, "must be 1 to 255 visible ASCII characters, no spaces")
    .optional()
    .describe("New for each run. A repeat with the same key and body within an hour is the same request."),
  [PROJECT_HEADER]: z.string().optional().describe("Folder of the caller; its last part is shown."),
});

export const getQuerySchema = z.strictObject({
  wait: z
    .enum(["true", "false"])
    .optional()
    .describe("`true`: answers once it is decided, after 60 s at most."),
});

export const listQuerySchema = z.strictObject({
  status: statusSchema.optional(),
  limit: z.coerce.number<string>().int().min(1).max(MAX_LIMIT).default(20),
  cursor: z.string().max(100).optional().describe("The `next_cursor` of the page before."),
});

export const pathSchema = z.object({ id: idSchema });

/** A cursor is the id of the page's last request, and callers should read nothing into it. */
export function cursorOf(id: string): string {
  return Buffer.from(`after:${id}`).toString("base64url");
}

/** @returns undefined when it is not one that we gave out */
export function idOfCursor(cursor: string) {
  const [word, id = ""] = Buffer.from(cursor, "base64url").toString().split(":");
  return word === "after" && isApprovalId(id) ? id : undefined;
}
