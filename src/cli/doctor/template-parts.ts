// What doctor knows of the message templates: which of them the account has, as they should be, and whether they pass a closed window.
import { readFileSync } from "node:fs";
import { createContentApi } from "../../channels/twilio/templates/content-api.ts";
import { ensureTemplates, hasContent } from "../../channels/twilio/templates/ensure-templates.ts";
import { KEEP_OPEN_TEMPLATE } from "../../channels/twilio/templates/template.ts";
import {
  parseTemplateConfig,
  TEMPLATE_CONFIG_FILE,
  toApprovalContent,
  toContent,
  withIdInTitles,
} from "../../channels/twilio/templates/template-config.ts";
import type { TwilioClient } from "../../channels/twilio/twilio-client.ts";
import { type Home, ownOrPackaged } from "../../config/home.ts";
import type { Variables } from "../../config/read-variables.ts";
import { templatesCheck } from "../../doctor/templates.ts";

interface TemplatePartsDeps {
  readonly env: Variables;
  /** Folder of package.json. */
  readonly root: string;
  readonly home: Home;
  /** Whether Twilio can post here; otherwise the titles of the buttons carry the id of the request. */
  readonly hasWebhook: boolean;
}

/** The check, and whether all of them have a variant that passes a closed window. */
export function createTemplateParts(deps: TemplatePartsDeps, client: TwilioClient) {
  const { root, home, env, hasWebhook } = deps;
  const templates = parseTemplateConfig(
    readFileSync(ownOrPackaged(home, root, TEMPLATE_CONFIG_FILE), "utf8"),
  );
  const api = createContentApi(client);
  const wanted = hasWebhook ? templates : templates.map(withIdInTitles);
  const payloads = new Map(
    wanted.flatMap((template) =>
      [toContent(template), toApprovalContent(template)].map((payload) => [payload.friendly_name, payload]),
    ),
  );
  const list = async () =>
    (await api.list()).map((content) => {
      const payload = payloads.get(content.friendlyName);
      // What somebody has changed in the Console is ours by its name only.
      return { ...content, isChanged: payload !== undefined && !hasContent(content, payload) };
    });
  const check = templatesCheck({
    wanted: wanted.map((template) => ({
      key: template.key,
      variable: template.env,
      name: toContent(template).friendly_name,
      submittedName: toApprovalContent(template).friendly_name,
      sid: env[template.env]?.trim() || undefined,
    })),
    list,
    approval: api.approval,
    create: async () => {
      const ensured = await ensureTemplates(api, wanted);
      return [...ensured].filter(([, { created }]) => created).map(([key]) => key);
    },
  });
  const hasApproved = async () => {
    // Titles with an id are never approved, nor is what is of use inside the session only.
    if (!hasWebhook) return false;
    const existing = (await list()).filter(({ isChanged }) => !isChanged);
    const states = await Promise.all(
      wanted
        .filter(({ key }) => key !== KEEP_OPEN_TEMPLATE)
        .map(async (template) => {
          const name = toApprovalContent(template).friendly_name;
          const variant = existing.find(({ friendlyName }) => friendlyName === name);
          return variant && (await api.approval(variant.sid)).status;
        }),
    );
    return states.every((status) => status === "approved");
  };
  return { check, hasApproved: () => hasApproved().catch(() => false) };
}
