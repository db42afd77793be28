// What stands at the other end: Twilio with a real phone, or the simulated one. Both are reached by the same client.
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Config, TwilioConfig } from "./config.ts";
import type { Log } from "./core/ports.ts";
import { SANDBOX_SENDER } from "./environment.ts";
import { portError } from "./listener.ts";
import type { OpenSimulator, RunningSimulator } from "./simulator/contract.ts";
import { createSimulator } from "./simulator/create-simulator.ts";
import { createContentApi } from "./whatsapp/content-api.ts";
import type { LiveTemplate } from "./whatsapp/messenger.ts";
import { createQuestionLists, type QuestionLists } from "./whatsapp/question-lists.ts";
import type { Template } from "./whatsapp/template.ts";
import { parseTemplateConfig, TEMPLATE_CONFIG_FILE, withIdInTitles } from "./whatsapp/template-config.ts";
import { ensureTemplates } from "./whatsapp/templates.ts";
import { createTwilioClient, type TwilioClient } from "./whatsapp/twilio-client.ts";

/** How long one REST call may take, ms. A send that hangs must not hold anything up. */
const REST_TIMEOUT_MS = 15_000;

/** The Sandbox takes one message in 3 s, a sender of one's own 80 a second. ms */
const SANDBOX_INTERVAL_MS = 3_000;
const SENDER_INTERVAL_MS = 13;

export interface PhoneLink {
  readonly accountSid: string;
  readonly authTokens: readonly string[];
  /** The sender with its `whatsapp:` prefix. */
  readonly from: string;
  readonly client: TwilioClient;
  /** What the sender allows between two messages, ms. */
  readonly sendIntervalMs: number;
  /** Ports that are listened on here. */
  readonly ports: readonly number[];
  readonly templates: ReadonlyMap<string, LiveTemplate>;
  /** Absent where replies are read from a list of messages, which does not say what was picked. */
  readonly lists?: QuestionLists;
  /** The simulated phone; absent with a real one. */
  readonly simulator?: RunningSimulator;
  close(): Promise<void>;
}

export interface PhoneLinkDeps {
  readonly log: Log;
  /** Folder of package.json. */
  readonly root: string;
  /** Where the simulated Twilio posts. */
  readonly webhookUrl: string;
  /** SIDs of the templates by environment variable. */
  readonly contentSids: Readonly<Record<string, string | undefined>>;
  /** Default: the simulator of src/simulator. */
  readonly openSimulator?: OpenSimulator | undefined;
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
  const lists = createQuestionLists(client, deps.log);
  void lists.cleanUp();
  return {
    accountSid,
    authTokens: authTokenSecondary === undefined ? [authToken] : [authToken, authTokenSecondary],
    from,
    client,
    sendIntervalMs: from === SANDBOX_SENDER ? SANDBOX_INTERVAL_MS : SENDER_INTERVAL_MS,
    ports: [],
    templates: isReachable(phone.twilio)
      ? byKey(templates, (template) => deps.contentSids[template.env])
      : await ensured(client, templates.map(withIdInTitles)).catch((error: unknown) => {
          // Twilio may be down for a moment: requests then go out as text, and answers are typed.
          deps.log.warn(
            { err: error },
            "the templates could not be looked up: messages have no buttons until the next start",
          );
          return byKey(templates, () => undefined);
        }),
    ...(isReachable(phone.twilio) ? { lists } : {}),
    close: lists.idle,
  };
}

async function openSimulated(
  { port, from }: { readonly port: number; readonly from: string },
  phones: readonly string[],
  templates: readonly Template[],
  { root, webhookUrl, log, openSimulator = createSimulator }: PhoneLinkDeps,
): Promise<PhoneLink> {
  // An account of one run: nothing that is signed with it means anything to another.
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
  }).catch((error: NodeJS.ErrnoException) => {
    throw error.syscall === "listen" ? portError("SIMULATOR_PORT", "127.0.0.1", port, error) : error;
  });
  const client = createTwilioClient({
    accountSid,
    authToken,
    baseUrl: simulator.url,
    timeoutMs: REST_TIMEOUT_MS,
  });
  const lists = createQuestionLists(client, log);
  return {
    accountSid,
    authTokens: [authToken],
    from,
    client,
    sendIntervalMs: 0,
    ports: [Number(new URL(simulator.url).port)],
    templates: await ensured(client, templates),
    lists,
    simulator,
    close: async () => {
      await lists.idle();
      await simulator.close();
    },
  };
}

/** Without an address for webhooks, replies are read from a list that shows a button's title and not its id. */
function isReachable({ publicUrl, ngrok }: TwilioConfig): boolean {
  return publicUrl !== undefined || ngrok !== undefined;
}

/** Creates what is missing of the templates in the account. */
async function ensured(client: TwilioClient, templates: readonly Template[]) {
  const sids = await ensureTemplates(createContentApi(client), templates);
  return byKey(templates, (template) => sids.get(template.key)?.sid);
}

function byKey(templates: readonly Template[], sidOf: (template: Template) => string | undefined) {
  return new Map<string, LiveTemplate>(
    templates.map((template) => {
      const sid = sidOf(template);
      return [template.key, sid === undefined ? { template } : { template, sid }];
    }),
  );
}
