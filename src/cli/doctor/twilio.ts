// The checks of everything at Twilio, over the SDK: account, API key, sender, templates, each phone's window.

import { readFileSync } from "node:fs";
import { toDeliveryError } from "../../channels/twilio/error-advice.ts";
import { laterContact, readContacts } from "../../channels/twilio/receive/contacts.ts";
import { createInbox } from "../../channels/twilio/receive/inbox.ts";
import { sandboxText, sessionState, windowText } from "../../channels/twilio/receive/session-window.ts";
import { createContentApi } from "../../channels/twilio/templates/content-api.ts";
import { hasContent } from "../../channels/twilio/templates/ensure-templates.ts";
import {
  parseTemplateConfig,
  TEMPLATE_CONFIG_FILE,
  toApprovalContent,
  toContent,
  withIdInTitles,
} from "../../channels/twilio/templates/template-config.ts";
import { createTwilioClient, type TwilioClient } from "../../channels/twilio/twilio-client.ts";
import { createTwilioTime, TOLERATED_SKEW_MS } from "../../channels/twilio/twilio-time.ts";
import type { Config, TwilioConfig } from "../../config/config.ts";
import { SANDBOX_SENDER } from "../../config/environment.ts";
import { type Home, ownOrPackaged } from "../../config/home.ts";
import type { Variables } from "../../config/read-variables.ts";
import type { Approvers } from "../../core/approvers.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { Contact } from "../../core/ports/contact-store.ts";
import type { Check } from "../../doctor/check.ts";
import { clockCheck } from "../../doctor/clock.ts";
import { type SenderState, senderCheck } from "../../doctor/sender.ts";
import { type PhoneWindow, sessionWindowsCheck } from "../../doctor/session-windows.ts";
import { templatesCheck } from "../../doctor/templates.ts";
import { type AccountState, apiKeyCheck, twilioAccountCheck } from "../../doctor/twilio-account.ts";
import { phoneText } from "../../domain/names.ts";
import type { Phone } from "../../domain/tool-call.ts";

interface TwilioChecksDeps {
  readonly config: Config;
  readonly twilio: TwilioConfig;
  /** Where Twilio is to post, where that is known before the start. */
  readonly webhookUrl: string | undefined;
  /** Whether Twilio can post here; otherwise the titles of the buttons carry the id of the request. */
  readonly hasWebhook: boolean;
  readonly env: Variables;
  /** Folder of package.json. */
  readonly root: string;
  readonly home: Home;
  readonly clock: Clock;
  /** What the store knows about a phone. */
  readonly readContact: (phone: Phone) => Promise<Contact>;
  /** The approvers with what the store knows of their other names. */
  readonly readApprovers: (config: Config, twilio: TwilioConfig) => Promise<Approvers>;
}

const REST_TIMEOUT_MS = 10_000;

export function twilioChecks(deps: TwilioChecksDeps): Check[] {
  const { config, twilio, webhookUrl } = deps;
  const { accountSid, authToken, apiKey, baseUrl, from } = twilio;
  const time = createTwilioTime(deps.clock, { warn: () => {} });
  const common = { accountSid, baseUrl, timeoutMs: REST_TIMEOUT_MS, onTwilioTime: time.note };
  const withToken = createTwilioClient({ ...common, authToken });
  const client =
    apiKey === undefined
      ? withToken
      : createTwilioClient({ ...common, apiKeySid: apiKey.sid, apiKeySecret: apiKey.secret });
  let account: Promise<AccountState> | undefined;
  const fetchAccount = () => {
    account ??= delivered(() => withToken.api.v2010.accounts(accountSid).fetch());
    return account;
  };
  return [
    twilioAccountCheck(fetchAccount),
    clockCheck({
      toleratedMs: TOLERATED_SKEW_MS,
      readSkew: async () => {
        // Any answer names the time, a refusal too.
        await fetchAccount().catch(() => {});
        return time.skewMs();
      },
    }),
    ...(apiKey === undefined
      ? []
      : [
          apiKeyCheck(async () => {
            await delivered(() => client.messages.list({ limit: 1 }));
          }),
        ]),
    senderCheck({
      sender: from,
      isSandbox: from === SANDBOX_SENDER,
      approvers: config.approvers,
      webhookUrl,
      senders: () => delivered(() => readSenders(client)),
    }),
    createTemplatesCheck(deps, client),
    sessionWindowsCheck(() => readWindows(deps, client)),
  ];
}

async function readSenders(client: TwilioClient): Promise<SenderState[]> {
  const senders = await client.messaging.v2.channelsSenders.list({ channel: "whatsapp" });
  return senders.map(({ senderId, status, webhook }) => ({
    address: senderId,
    status,
    callbackUrl: webhook?.callbackUrl || undefined,
  }));
}

function createTemplatesCheck(
  { root, home, env, hasWebhook }: TwilioChecksDeps,
  client: TwilioClient,
): Check {
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
  return templatesCheck({
    wanted: wanted.map((template) => ({
      key: template.key,
      variable: template.env,
      name: toContent(template).friendly_name,
      submittedName: toApprovalContent(template).friendly_name,
      sid: env[template.env]?.trim() || undefined,
    })),
    // What somebody has changed in the Console is ours by its name only.
    list: async () =>
      (await api.list()).filter((content) => {
        const payload = payloads.get(content.friendlyName);
        return payload === undefined || hasContent(content, payload);
      }),
    approval: api.approval,
  });
}

async function readWindows(
  { config, twilio, clock, readContact, readApprovers }: TwilioChecksDeps,
  client: TwilioClient,
): Promise<PhoneWindow[]> {
  const { accountSid, from } = twilio;
  const { phones: approvers, sendersOf } = await readApprovers(config, twilio);
  const inbox = createInbox({ api: client.messages, accountSid, from, sendersOf });
  const now = clock.now();
  const remembered = await readContacts({ inbox, approvers }, now);
  return Promise.all(
    approvers.map(async (phone) => {
      const contact = laterContact(await readContact(phone), remembered.get(phone) ?? {});
      const state = sessionState(contact, now);
      const isSandbox = from === SANDBOX_SENDER;
      return {
        phone: phoneText(phone),
        isOpen: state.open,
        window: windowText(state, from, now),
        sandbox: isSandbox ? sandboxText(state, now) : undefined,
        sandboxIsOver: isSandbox && state.sandboxExpiresAt !== undefined && state.sandboxExpiresAt <= now,
        knownAs: knownAsText(sendersOf(phone).slice(1)),
      };
    }),
  );
}

/** Enough to recognise them by: "replies also as +521…5678, US.…1918". */
function knownAsText(senders: readonly string[]): string | undefined {
  if (senders.length === 0) return undefined;
  const short = senders.map(
    (sender) => `${sender.slice(0, sender.startsWith("+") ? 4 : 3)}${phoneText(sender)}`,
  );
  return `replies also as ${short.join(", ")}`;
}

async function delivered<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toDeliveryError(error);
  }
}
