// What stands at the other end: Twilio with a real phone, or the simulated one. Both are reached by the same client.

import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createContentApi } from "../channels/twilio/templates/content-api.ts";
import { createKnownTemplates } from "../channels/twilio/templates/known-templates.ts";
import { type LiveTemplates, openLiveTemplates } from "../channels/twilio/templates/live-templates.ts";
import { createQuestionLists, type QuestionLists } from "../channels/twilio/templates/question-lists.ts";
import type { MessageTemplate } from "../channels/twilio/templates/template.ts";
import {
  parseTemplateConfig,
  TEMPLATE_CONFIG_FILE,
  withIdInTitles,
} from "../channels/twilio/templates/template-config.ts";
import { createTwilioClient, type TwilioClient } from "../channels/twilio/twilio-client.ts";
import { createTwilioTime, type TwilioTime } from "../channels/twilio/twilio-time.ts";
import type { Config, TwilioConfig } from "../config/config.ts";
import { SANDBOX_SENDER } from "../config/environment.ts";
import { type Home, ownOrPackaged } from "../config/home.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Log } from "../core/ports/log.ts";
import type { TemplateStore } from "../core/ports/template-store.ts";
import type { OpenSimulator, RunningSimulator } from "../simulator/contract.ts";
import { createSimulator } from "../simulator/create-simulator.ts";
import { portError } from "./listener.ts";

/** How long one REST call may take, ms. A send that hangs must not hold anything up. */
const REST_TIMEOUT_MS = 15_000;

/** Between two messages, ms: the Sandbox takes one in 3 s, a sender of one's own 80 a second. */
const SANDBOX_INTERVAL_MS = 3_000;
const SENDER_INTERVAL_MS = 13;

export interface PhoneLink {
  readonly accountSid: string;
  readonly authTokens: readonly string[];
  /** The sender with its `whatsapp:` prefix. */
  readonly from: string;
  readonly client: TwilioClient;
  readonly twilioTime: TwilioTime;
  /** What the sender allows between two messages, ms. */
  readonly sendIntervalMs: number;
  /** Ports that it listens on, on this machine. */
  readonly ports: readonly number[];
  readonly templates: LiveTemplates;
  /** Absent where replies are read from a list of messages, which does not say what was picked. */
  readonly lists?: QuestionLists | undefined;
  /** The simulated phone; absent with a real one. */
  readonly simulator?: RunningSimulator | undefined;
  close(): Promise<void>;
}

export interface PhoneLinkDeps {
  readonly clock: Clock;
  readonly log: Log;
  /** Folder of package.json. */
  readonly root: string;
  /** May have a template_config.json of the person's own. */
  readonly home: Pick<Home, "folder">;
  /** Where the simulated Twilio posts. */
  readonly webhookUrl: string;
  /** Without one, replies are read from a list that shows a button's title and not its id. */
  readonly hasWebhook: boolean;
  /** Where the templates are remembered. */
  readonly store: TemplateStore;
  /** SIDs of templates by environment variable, where the operator has named some. */
  readonly contentSids: Readonly<Record<string, string | undefined>>;
  /** Default: the simulator of src/simulator. */
  readonly openSimulator?: OpenSimulator | undefined;
}

export async function openPhoneLink(config: Config, deps: PhoneLinkDeps): Promise<PhoneLink> {
  const templateFile = ownOrPackaged(deps.home, deps.root, TEMPLATE_CONFIG_FILE);
  const templates = parseTemplateConfig(await readFile(templateFile, "utf8"));
  const { phone, approvers } = config;
  return phone.kind === "simulator"
    ? openSimulated({ ...phone, chatFile: `${config.databasePath}-phone.json` }, approvers, templates, deps)
    : openTwilio(phone.twilio, templates, deps);
}

async function openTwilio(
  { accountSid, authToken, authTokenSecondary, apiKey, baseUrl, from }: TwilioConfig,
  templates: readonly MessageTemplate[],
  { clock, log, hasWebhook, contentSids, store }: PhoneLinkDeps,
): Promise<PhoneLink> {
  const twilioTime = createTwilioTime(clock, log);
  const client = createTwilioClient({
    accountSid,
    authToken,
    apiKeySid: apiKey?.sid,
    apiKeySecret: apiKey?.secret,
    baseUrl,
    timeoutMs: REST_TIMEOUT_MS,
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

async function openSimulated(
  { port, from, chatFile }: { readonly port: number; readonly from: string; readonly chatFile: string },
  phones: readonly string[],
  templates: readonly MessageTemplate[],
  { clock, root, webhookUrl, log, openSimulator = createSimulator }: PhoneLinkDeps,
): Promise<PhoneLink> {
  // An account made up for this run: nothing that is signed with it is valid in another.
  const accountSid = `AC${randomBytes(16).toString("hex")}`;
  const authToken = randomBytes(16).toString("hex");
  const pageDir = join(root, "public", "phone");
  const simulator = await openSimulator({
    accountSid,
    authToken,
    sender: from,
    phones,
    webhookUrl: () => webhookUrl,
    pageDir,
    port,
    chatFile,
  }).catch((error: NodeJS.ErrnoException) => {
    throw error.syscall === "listen" ? portError("SIMULATOR_PORT", "127.0.0.1", port, error) : error;
  });
  const twilioTime = createTwilioTime(clock, log);
  const client = createTwilioClient({
    accountSid,
    authToken,
    baseUrl: simulator.url,
    timeoutMs: REST_TIMEOUT_MS,
    onTwilioTime: twilioTime.note,
  });
  const lists = createQuestionLists(client, log);
  // Its templates live as long as it does.
  const known = { read: async () => new Map<string, string>(), remember: async () => {} };
  const live = await openLiveTemplates({
    api: createContentApi(client),
    known,
    templates,
    namedSids: {},
    clock,
    log,
  });
  return {
    accountSid,
    authTokens: [authToken],
    from,
    client,
    twilioTime,
    sendIntervalMs: 0,
    ports: [Number(new URL(simulator.url).port)],
    templates: live,
    lists,
    simulator,
    close: async () => {
      live.stop();
      await lists.idle();
      await simulator.close();
    },
  };
}
