// What a content template is and the shape in which the API takes it: snake_case, Twilio's type names, Twilio's limits.
import { z } from "zod";
import { withoutPlaceholders } from "./placeholders.ts";

// A title is measured without its variables; what it becomes is measured again when it is sent.
const title = (max: number) =>
  z.string().refine((text) => text !== "" && withoutPlaceholders(text).length <= max, {
    error: `must have 1 to ${max} characters`,
  });

const quickReply = z.strictObject({
  body: z.string().min(1),
  actions: z
    .array(
      z.strictObject({
        type: z.literal("QUICK_REPLY").exactOptional(),
        title: title(20),
        id: z.string().min(1).max(128).exactOptional(),
      }),
    )
    .min(1)
    .max(10),
});

const listPicker = z.strictObject({
  body: z.string().min(1),
  button: title(20),
  items: z
    .array(
      z.strictObject({
        id: z.string().min(1).max(200),
        item: title(24),
        description: title(72).exactOptional(),
      }),
    )
    .min(1)
    .max(10),
});

const types = z
  .strictObject({
    "twilio/quick-reply": quickReply.exactOptional(),
    "twilio/list-picker": listPicker.exactOptional(),
    "twilio/text": z.strictObject({ body: z.string().min(1).max(1600) }).exactOptional(),
  })
  .refine((given) => Object.keys(given).length > 0, { error: "at least one type is required" });

/** The body of `POST /v1/Content` and of `PUT /v1/Content/{HX}`. */
export const templateSchema = z.object({
  friendly_name: z.string().min(1),
  language: z.string().regex(/^[a-z]{2,3}(_[A-Z]{2})?$/),
  variables: z.record(z.string().min(1).max(16), z.string()).default({}),
  types,
});

/** The body of `POST …/ApprovalRequests/whatsapp`. */
export const approvalRequestSchema = z.object({
  name: z.string().regex(/^[a-z0-9_]{1,512}$/),
  category: z.enum(["UTILITY", "MARKETING", "AUTHENTICATION"]),
  allow_category_change: z.boolean().default(true),
});

export type Template = z.infer<typeof templateSchema>;
export type TemplateSubmission = z.infer<typeof approvalRequestSchema>;

/** Where WhatsApp's approval of a template stands. */
export interface TemplateApprovalState extends TemplateSubmission {
  readonly status: "received" | "approved" | "rejected";
  readonly rejection_reason: string;
}

/** A stored template. Replaced, never mutated. */
export interface Content {
  readonly sid: string;
  readonly template: Template;
  /** Absent: never submitted. */
  readonly approval?: TemplateApprovalState | undefined;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly updatedAt: number;
}
