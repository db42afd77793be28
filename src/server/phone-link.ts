// What stands at the other end: Twilio with a real phone, or the simulated one. Both are reached by the same client.

import { readFile } from "node:fs/promises";
import { createContentApi } from "../channels/twilio/templates/content-api.ts";
import { createKnownTemplates } from "../channels/twilio/templates/known-templates.ts";
import { openLiveTemplates } from "../channels/twilio/templates/live-templates.ts";
import { createQuestionLists } from "../channels/twilio/templates/question-lists.ts";
import type { MessageTemplate } from "../channels/twilio/templates/template.ts";
import {
  parseTemplateConfig,
  TEMPLATE_CONFIG_FILE,
  withIdInTitles,
} from "../channels/twilio/templates/template-config.ts";
import { createTwilioTime } from "../channels/twilio/twilio-time.ts";
import type { Config } from "../config/config.ts";
import { SANDBOX_SENDER } from "../config/environment.ts";
import { ownOrPackaged } from "../config/home.ts";
import type { TwilioConfig } from "../config/phone-config.ts";
import { noPhoneLink } from "./no-phone-link.ts";
import { openClient, type PhoneLink, type PhoneLinkDeps } from "./phone-link-contract.ts";

/** Between two messages, ms: the Sandbox takes one in 3 s, a sender of one's own 80 a second. */
const SANDBOX_INTERVAL_MS = 3_000;
const SENDER_INTERVAL_MS = 13;

export async function openPhoneLink(config: Config, deps: PhoneLinkDeps): Promise<PhoneLink> {
  const templateFile = ownOrPackaged(deps.home, deps.root, TEMPLATE_CONFIG_FILE);
  const templates = parseTemplateConfig(await readFile(templateFile, "utf8"));
  const { phone, simulation } = config;
  if (phone.kind === "twilio") return openTwilio(phone.twilio, templates, deps);
  if (simulation === undefined) return noPhoneLink(config);
  const { openSimulation } = await import("./simulation.ts");
  return openSimulation(config, simulation, templates, deps);
}

async function openTwilio(
  { accountSid, authToken, authTokenSecondary, apiKey, baseUrl, from }: TwilioConfig,
  templates: readonly MessageTemplate[],
  { clock, log, hasWebhook, contentSids, store }: PhoneLinkDeps,
): Promise<PhoneLink> {
  const twilioTime = createTwilioTime(clock, log);
  const client = openClient({
    accountSid,
    authToken,
    apiKeySid: apiKey?.sid,
    apiKeySecret: apiKey?.secret,
    baseUrl,
    onTwilioTime: twilioTime.note,
  });
  const lists = createQuestionLists(client, log);
  void lists.cleanUp();
  const authTokens = authTokenSecondary === undefined ? [authToken] : [authToken, authTokenSecondary];
  const known = createKnownTemplates({ store, accountSid, secrets: authTokens, clock, log });
  const live = await openLiveTemplates({
    api: createContentApi(client),
    known,
    // A tap that is read from Twilio's list is its title and nothing else.
    templates: hasWebhook ? templates : templates.map(withIdInTitles),
    namedSids: contentSids,
    clock,
    log,
  });
  return {
    accountSid,
    authTokens,
    webhookTokens: authTokens,
    from,
    client,
    twilioTime,
    sendIntervalMs: from === SANDBOX_SENDER ? SANDBOX_INTERVAL_MS : SENDER_INTERVAL_MS,
    ports: [],
    templates: live,
    lists: hasWebhook ? lists : undefined,
    async close() {
      live.stop();
      await lists.idle();
    },
  };
}
