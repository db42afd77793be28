// What stands at the other end: Twilio with a real phone, or the simulated one. Both are reached by the same client.
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "./config.ts";
import type { Simulator } from "./simulator/contract.ts";
import { createSimulator } from "./simulator/create-simulator.ts";
import { createContentApi } from "./whatsapp/content-api.ts";
import type { LiveTemplate, MessageApi } from "./whatsapp/messenger.ts";
import type { Template } from "./whatsapp/template.ts";
import { parseTemplateConfig, TEMPLATE_CONFIG_FILE } from "./whatsapp/template-config.ts";
import { ensureTemplates } from "./whatsapp/templates.ts";
import { createTwilioClient } from "./whatsapp/twilio-client.ts";

/** How long one REST call may take, ms. A send that hangs must not hold anything up. */
const REST_TIMEOUT_MS = 15_000;

export interface PhoneLink {
  readonly accountSid: string;
  readonly authTokens: readonly string[];
  /** The sender with its `whatsapp:` prefix. */
  readonly from: string;
  readonly messages: MessageApi;
  readonly templates: ReadonlyMap<string, LiveTemplate>;
  /** The simulated phone; absent with a real one. */
  readonly simulator?: Simulator;
  close(): Promise<void>;
}

export interface PhoneLinkDeps {
  /** Folder of package.json. */
  readonly root: string;
  /** Where the simulated Twilio posts. */
  readonly webhookUrl: string;
  /** SIDs of the templates by environment variable. */
  readonly contentSids: Readonly<Record<string, string | undefined>>;
}

export async function openPhoneLink(config: Config, deps: PhoneLinkDeps): Promise<PhoneLink> {
  const templates = parseTemplateConfig(await readFile(join(deps.root, TEMPLATE_CONFIG_FILE), "utf8"));
  const { phone, approvers } = config;
  if (phone.kind === "simulator") return openSimulated(phone, approvers, templates, deps);
  const { accountSid, authToken, authTokenSecondary, apiKey, baseUrl, from } = phone.twilio;
  const client = createTwilioClient({
    accountSid,
    authToken,
    timeoutMs: REST_TIMEOUT_MS,
    ...(apiKey === undefined ? {} : { apiKeySid: apiKey.sid, apiKeySecret: apiKey.secret }),
    ...(baseUrl === undefined ? {} : { baseUrl }),
  });
  return {
    accountSid,
    authTokens: authTokenSecondary === undefined ? [authToken] : [authToken, authTokenSecondary],
    from,
    messages: client.messages,
    templates: byKey(templates, (template) => deps.contentSids[template.env]),
    close: async () => {},
  };
}

async function openSimulated(
  { port, from }: { readonly port: number; readonly from: string },
  phones: readonly string[],
  templates: readonly Template[],
  { root, webhookUrl }: PhoneLinkDeps,
): Promise<PhoneLink> {
  // An account of one run: nothing that is signed with it means anything to another.
  const accountSid = `AC${randomBytes(16).toString("hex")}`;
  const authToken = randomBytes(16).toString("hex");
  const pageDir = join(root, "public", "phone");
  const simulator = await createSimulator({
    accountSid,
    authToken,
    sender: from,
    phones,
    webhookUrl,
    pageDir,
    port,
  });
  const client = createTwilioClient({
    accountSid,
    authToken,
    baseUrl: simulator.url,
    timeoutMs: REST_TIMEOUT_MS,
  });
  const ensured = await ensureTemplates(createContentApi(client), templates);
  return {
    accountSid,
    authTokens: [authToken],
    from,
    messages: client.messages,
    templates: byKey(templates, (template) => ensured.get(template.key)?.sid),
    simulator,
    close: () => simulator.close(),
  };
}

function byKey(templates: readonly Template[], sidOf: (template: Template) => string | undefined) {
  return new Map<string, LiveTemplate>(
    templates.map((template) => {
      const sid = sidOf(template);
      return [template.key, sid === undefined ? { template } : { template, sid }];
    }),
  );
}
