// Makes sure that every template exists at Twilio. Its name contains a hash of its content, so the same content is found
// again and an edit becomes a new version. Never changes or deletes anything at Twilio.
import type { MessageTemplate, TemplateButton } from "./template.ts";
import { type ContentPayload, toApprovalContent, toContent } from "./template-config.ts";

/** A Content that the account has. */
export interface ExistingContent {
  readonly sid: string;
  readonly friendlyName: string;
  readonly language: string;
  readonly variableCount: number;
  /** Absent for other kinds. */
  readonly quickReply?: { readonly body: string; readonly actions: readonly TemplateButton[] } | undefined;
}

/** The state of WhatsApp's approval of a template: unsubmitted, received, pending, approved, rejected, paused, disabled. */
export interface TemplateApproval {
  readonly status: string;
  readonly rejectionReason?: string | undefined;
}

/** The part of Twilio's Content API that is used here. Every method throws DeliveryError. */
export interface ContentApi {
  /** Everything the account has, all pages. */
  list(): Promise<readonly ExistingContent[]>;
  /** @returns the new SID. */
  create(payload: ContentPayload): Promise<string>;
  /** Asks WhatsApp for approval as UTILITY. */
  submit(sid: string, name: string): Promise<TemplateApproval>;
  approval(sid: string): Promise<TemplateApproval>;
}

export interface EnsuredTemplate {
  /** What to send with: the approved variant once there is one, otherwise the one for use inside the session. */
  readonly sid: string;
  readonly name: string;
  /** Whether the one for use inside the session was created by this call. */
  readonly created: boolean;
  /** Only with `submit`: the variant for approval and its state. */
  readonly approval?: (TemplateApproval & { readonly sid: string }) | undefined;
}

/**
 * Creates what is missing and reuses the rest.
 * @param submit also creates the approvable variants and asks WhatsApp for approval, once for each.
 * @returns by template key, in the order given.
 * @throws DeliveryError; what was created until then is found again by the next call.
 */
export async function ensureTemplates(
  client: ContentApi,
  templates: readonly MessageTemplate[],
  { submit = false }: { readonly submit?: boolean } = {},
): Promise<Map<string, EnsuredTemplate>> {
  const existing = await client.list();
  const ensured = new Map<string, EnsuredTemplate>();
  for (const template of templates) {
    const inSession = await ensureContent(client, existing, toContent(template));
    ensured.set(template.key, submit ? await withApproval(client, existing, template, inSession) : inSession);
  }
  return ensured;
}

async function ensureContent(
  client: ContentApi,
  existing: readonly ExistingContent[],
  payload: ContentPayload,
): Promise<EnsuredTemplate> {
  const name = payload.friendly_name;
  const found = existing.find((content) => sameContent(content, payload));
  return found === undefined
    ? { sid: await client.create(payload), name, created: true }
    : { sid: found.sid, name, created: false };
}

async function withApproval(
  client: ContentApi,
  existing: readonly ExistingContent[],
  template: MessageTemplate,
  inSession: EnsuredTemplate,
): Promise<EnsuredTemplate> {
  const variant = await ensureContent(client, existing, toApprovalContent(template));
  const known = variant.created ? undefined : await client.approval(variant.sid);
  const approval =
    known === undefined || known.status === "unsubmitted"
      ? await client.submit(variant.sid, variant.name)
      : known;
  const withState = { ...inSession, approval: { ...approval, sid: variant.sid } };
  return approval.status === "approved" ? { ...withState, sid: variant.sid, name: variant.name } : withState;
}

// The name alone would do if nobody could edit the Content in Twilio's Console.
function sameContent(content: ExistingContent, payload: ContentPayload): boolean {
  const { body, actions } = payload.types["twilio/quick-reply"];
  return (
    content.friendlyName === payload.friendly_name &&
    content.language === payload.language &&
    content.variableCount === Object.keys(payload.variables).length &&
    content.quickReply?.body === body &&
    content.quickReply.actions.length === actions.length &&
    actions.every(({ title, id }, index) => {
      const other = content.quickReply?.actions[index];
      return other?.title === title && other.id === id;
    })
  );
}
