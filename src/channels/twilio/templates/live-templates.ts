// The templates that messages are sent with, each with its SID in this account.
import { type ContentApi, ensureTemplates } from "./ensure-templates.ts";
import type { MessageTemplate } from "./template.ts";

/** Without a SID it has not been set up: its messages go out as plain text. */
interface LiveTemplate {
  readonly template: MessageTemplate;
  readonly sid: string | undefined;
}

/** By the templates' keys. */
export type LiveTemplates = ReadonlyMap<string, LiveTemplate>;

/** Those that the operator has set up. @param sids by environment variable */
export function configuredTemplates(
  templates: readonly MessageTemplate[],
  sids: Readonly<Record<string, string | undefined>>,
): LiveTemplates {
  return live(templates, ({ env }) => sids[env]);
}

/** Creates those that the account does not have yet. @throws DeliveryError when Twilio cannot be asked */
export async function createdTemplates(
  api: ContentApi,
  templates: readonly MessageTemplate[],
): Promise<LiveTemplates> {
  const ensured = await ensureTemplates(api, templates);
  return live(templates, ({ key }) => ensured.get(key)?.sid);
}

function live(
  templates: readonly MessageTemplate[],
  sidOf: (template: MessageTemplate) => string | undefined,
): LiveTemplates {
  return new Map(templates.map((template) => [template.key, { template, sid: sidOf(template) }]));
}
