// What the REST door takes and gives, as schemas: requests are checked against them, and the OpenAPI document is made of them.

import { z } from "zod";
import { DOORS } from "../../domain/tool-call.ts";
import { approvalSchema, idSchema, statusSchema } from "../held/shapes.ts";
import { PROJECT_HEADER } from "../project.ts";

/** Results a page. */
const MAX_LIMIT = 100;

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
