// Twilio's Content API as the template set-up needs it. The SDK's types say camelCase, but it sends the object as it is
// given, and only snake_case works: hence the casts.
import { z } from "zod";
import { toDeliveryError } from "../error-advice.ts";
import type { LateClient } from "../late-client.ts";
import type { ContentApi, ExistingContent, TemplateApproval } from "./ensure-templates.ts";
import type { ContentPayload } from "./template-config.ts";

/** At most 1000; further pages are followed. */
const PAGE_SIZE = 100;

type ContentsOfSdk = LateClient["content"]["v1"]["contents"];
/** The SDK's type of a new Content: camelCase, which does not work. */
export type CreateRequest = Parameters<ContentsOfSdk["create"]>[0];
type ContentOfSdk = Awaited<ReturnType<ContentsOfSdk["list"]>>[number];

const quickReplySchema = z.object({
  "twilio/quick-reply": z.object({
    body: z.string(),
    actions: z.array(
      z.object({
        title: z.string(),
        id: z
          .string()
          .nullish()
          .transform((id) => id ?? ""),
      }),
    ),
  }),
});
const variablesSchema = z.record(z.string(), z.unknown()).nullish();
const approvalSchema = z.object({ status: z.string(), rejection_reason: z.string().nullish() });

/** The Content API over the SDK. Every method throws DeliveryError. */
export function createContentApi(client: Pick<LateClient, "content">): ContentApi {
  const { contents } = client.content.v1;
  return {
    list: () =>
      delivered(async () =>
        (await contents.list({ pageSize: PAGE_SIZE })).map((content) => toExisting(content)),
      ),
    create: (payload: ContentPayload) =>
      delivered(async () => (await contents.create(payload as unknown as CreateRequest)).sid),
    submit: (sid, name) =>
      delivered(async () => {
        const request = { name, category: "UTILITY" };
        const { status, rejectionReason } = await contents(sid).approvalCreate.create(request);
        return toApproval({ status, rejection_reason: rejectionReason });
      }),
    approval: (sid) =>
      delivered(async () => toApproval((await contents(sid).approvalFetch().fetch()).whatsapp)),
  };
}

async function delivered<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toDeliveryError(error);
  }
}

function toExisting(content: ContentOfSdk): ExistingContent {
  const quickReply = quickReplySchema.safeParse(content.types);
  const variables = variablesSchema.safeParse(content.variables);
  return {
    sid: content.sid,
    // Twilio may leave them out, against the SDK's types: such a Content is none of ours.
    friendlyName: content.friendlyName ?? "",
    language: content.language ?? "",
    variableCount: Object.keys(variables.data ?? {}).length,
    quickReply: quickReply.data?.["twilio/quick-reply"],
  };
}

function toApproval(whatsapp: unknown): TemplateApproval {
  const parsed = approvalSchema.safeParse(whatsapp);
  if (!parsed.success) return { status: "unsubmitted" };
  const { status, rejection_reason: reason } = parsed.data;
  return { status, rejectionReason: reason || undefined };
}
