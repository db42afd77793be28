// Makes sure that every template exists at Twilio. Its name contains a hash of its content, so the same content is found
// again and an edit becomes a new version. Never changes or deletes anything at Twilio.
import { KEEP_OPEN_TEMPLATE, type MessageTemplate, type TemplateButton } from "./template.ts";
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
  /** Where there is a variant for approval: that one and its state. */
  readonly approval?: (TemplateApproval & { readonly sid: string }) | undefined;
  /** What became of the SID that the operator has named, where it is not one that is found by its name anyway. */
  readonly named?: "used" | "gone" | "other content" | undefined;
}

export interface EnsureOptions {
  /** Also creates the approvable variants and asks WhatsApp for approval, once for each. */
  readonly submit?: boolean | undefined;
  /** The SID that the operator has named for a template. It is used as long as its content is that of the template. */
  readonly namedSid?: ((template: MessageTemplate) => string | undefined) | undefined;
  /** Told of a template that failed; the others go on. Default: the first failure ends the call. */
  readonly onProblem?: ((template: MessageTemplate, error: unknown) => void) | undefined;
}

/**
 * Creates what is missing and reuses the rest.
 * @returns by template key, in the order given.
 * @throws DeliveryError; what was created until then is found again by the next call.
 */
export async function ensureTemplates(
  client: ContentApi,
  templates: readonly MessageTemplate[],
  { submit = false, namedSid = () => undefined, onProblem }: EnsureOptions = {},
): Promise<Map<string, EnsuredTemplate>> {
  const existing = await client.list();
  const ensured = new Map<string, EnsuredTemplate>();
  for (const template of templates) {
    try {
      const found = await ensureOne(client, existing, template, submit);
      ensured.set(template.key, await withNamed(client, existing, template, found, namedSid(template)));
    } catch (error) {
      if (onProblem === undefined) throw error;
      onProblem(template, error);
    }
  }
  return ensured;
}

async function ensureOne(
  client: ContentApi,
  existing: readonly ExistingContent[],
  template: MessageTemplate,
  submit: boolean,
): Promise<EnsuredTemplate> {
  const inSession = await ensureContent(client, existing, toContent(template));
  // It is of use inside the session only: there is nothing to be approved.
  if (template.key === KEEP_OPEN_TEMPLATE) return inSession;
  const payload = toApprovalContent(template);
  const variant = submit ? await ensureContent(client, existing, payload) : findContent(existing, payload);
  if (variant === undefined) return inSession;
  const known = variant.created ? undefined : await client.approval(variant.sid);
  const approval =
    submit && (known === undefined || known.status === "unsubmitted")
      ? await client.submit(variant.sid, variant.name)
      : (known ?? { status: "unsubmitted" });
  const withState = { ...inSession, approval: { ...approval, sid: variant.sid } };
  return approval.status === "approved" ? { ...withState, sid: variant.sid, name: variant.name } : withState;
}

/** What is approved goes before what is not: outside the session only that gets through. */
async function withNamed(
  client: ContentApi,
  existing: readonly ExistingContent[],
  template: MessageTemplate,
  found: EnsuredTemplate,
  sid: string | undefined,
): Promise<EnsuredTemplate> {
  const content = existing.find((each) => each.sid === sid);
  if (sid === undefined || sid === found.sid || sid === found.approval?.sid) return found;
  if (content === undefined) return { ...found, named: "gone" };
  const payload = toContent(template);
  // By its name it is ours: one that was found, or a twin of it.
  if (content.friendlyName === payload.friendly_name && hasContent(content, payload)) return found;
  const isApprovable = hasContent(content, toApprovalContent(template));
  if (!isApprovable && !hasContent(content, payload)) return { ...found, named: "other content" };
  const approval = isApprovable ? await client.approval(sid) : { status: "unsubmitted" };
  if (found.approval?.status === "approved" && approval.status !== "approved") return found;
  return { ...found, sid, name: content.friendlyName, approval: { ...approval, sid }, named: "used" };
}

async function ensureContent(
  client: ContentApi,
  existing: readonly ExistingContent[],
  payload: ContentPayload,
): Promise<EnsuredTemplate> {
  const found = findContent(existing, payload);
  return found ?? { sid: await client.create(payload), name: payload.friendly_name, created: true };
}

// The name alone would do if nobody could edit the Content in Twilio's Console.
function findContent(
  existing: readonly ExistingContent[],
  payload: ContentPayload,
): EnsuredTemplate | undefined {
  const name = payload.friendly_name;
  const found = existing.find((content) => content.friendlyName === name && hasContent(content, payload));
  return found && { sid: found.sid, name, created: false };
}

/** Whether it is what we would create, whatever its name is. */
export function hasContent(content: ExistingContent, payload: ContentPayload): boolean {
  const { body, actions } = payload.types["twilio/quick-reply"];
  return (
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
