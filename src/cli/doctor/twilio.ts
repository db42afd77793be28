// The checks of everything at Twilio, over the SDK: account, API key, sender, templates, phones.
import { toDeliveryError } from "../../channels/twilio/error-advice.ts";
import { BAD_CREDENTIALS } from "../../channels/twilio/error-codes.ts";
import { createTwilioClient, type TwilioClient } from "../../channels/twilio/twilio-client.ts";
import { createTwilioTime, TOLERATED_SKEW_MS } from "../../channels/twilio/twilio-time.ts";
import type { Config } from "../../config/config.ts";
import { SANDBOX_SENDER } from "../../config/environment.ts";
import type { Home } from "../../config/home.ts";
import type { TwilioConfig } from "../../config/phone-config.ts";
import type { Variables } from "../../config/read-variables.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { Check } from "../../doctor/check.ts";
import { clockCheck } from "../../doctor/clock.ts";
import { phonesCheck } from "../../doctor/phones.ts";
import { type SenderState, senderCheck } from "../../doctor/sender.ts";
import {
  type AccountState,
  apiKeyCheck,
  behindTwilio,
  twilioAccountCheck,
} from "../../doctor/twilio-account.ts";
import { DeliveryError } from "../../domain/errors.ts";
import { createPhoneReader } from "./phone-reader.ts";
import { createTemplateParts } from "./template-parts.ts";

export interface TwilioChecksDeps {
  readonly config: Config;
  readonly twilio: TwilioConfig;
  /** Where Twilio is to post: by the settings, or as the running server says. */
  readonly findWebhookUrl: () => Promise<string | undefined>;
  /** Whether Twilio can post here; otherwise the titles of the buttons carry the id of the request. */
  readonly hasWebhook: boolean;
  readonly env: Variables;
  /** Folder of package.json. */
  readonly root: string;
  readonly home: Home;
  readonly clock: Clock;
}

const REST_TIMEOUT_MS = 10_000;
const AUTH_TOKEN = /^[0-9a-f]{32}$/;

interface TwilioChecks {
  readonly checks: readonly Check[];
  /** Whether Twilio says that the auth token is not this account's. Never rejects. */
  isTokenRefused(): Promise<boolean>;
}

export function twilioChecks(deps: TwilioChecksDeps): TwilioChecks {
  const { config, twilio, findWebhookUrl } = deps;
  const { accountSid, authToken, apiKey, baseUrl, from } = twilio;
  const time = createTwilioTime(deps.clock, { warn: () => {} });
  const common = { accountSid, baseUrl, timeoutMs: REST_TIMEOUT_MS, onTwilioTime: time.note };
  const withToken = createTwilioClient({ ...common, authToken });
  const client =
    apiKey === undefined
      ? withToken
      : createTwilioClient({ ...common, apiKeySid: apiKey.sid, apiKeySecret: apiKey.secret });
  const fetchAccount = once(() => delivered(() => withToken.api.v2010.accounts(accountSid).fetch()));
  const tryKey = once(async () => void (await delivered(() => client.messages.list({ limit: 1 }))));
  const isUsable = () => succeeds(apiKey === undefined ? fetchAccount() : tryKey());
  const templates = createTemplateParts(deps, client);
  const behind = (check: Check) => behindTwilio(check, isUsable);
  const isRefusal = ({ code }: DeliveryError) => code === BAD_CREDENTIALS;
  const checks = [
    twilioAccountCheck({
      fetchAccount: fetchAccount as () => Promise<AccountState>,
      isRefusal,
      hasTokenForm: AUTH_TOKEN.test(authToken),
      isKeySecret: authToken === apiKey?.secret,
      keyAccepted: async () => (apiKey === undefined ? undefined : succeeds(tryKey())),
    }),
    clockCheck({
      toleratedMs: TOLERATED_SKEW_MS,
      readSkew: async () => {
        // Any answer names the time, a refusal too.
        await fetchAccount().catch(() => {});
        return time.skewMs();
      },
    }),
    ...(apiKey === undefined ? [] : [apiKeyCheck(tryKey)]),
    behind(
      senderCheck({
        sender: from,
        isSandbox: from === SANDBOX_SENDER,
        ...{ approvers: config.approvers, isClosed: config.isClosed },
        findWebhookUrl,
        senders: () => delivered(() => readSenders(client)),
      }),
    ),
    behind(templates.check),
    behind(phonesCheck(createPhoneReader(deps, client), templates.hasApproved, config)),
  ];
  const isTokenRefused = () =>
    fetchAccount().then(
      () => false,
      (error: unknown) => error instanceof DeliveryError && isRefusal(error),
    );
  return { checks, isTokenRefused };
}

async function readSenders(client: TwilioClient): Promise<SenderState[]> {
  const { channelsSenders } = client.messaging.v2;
  const senders = await channelsSenders.list({ channel: "whatsapp" });
  return senders.map(({ sid, senderId, status, webhook }) => ({
    address: senderId,
    status,
    callbackUrl: webhook?.callbackUrl || undefined,
    setWebhook: async (url) => {
      // The SDK's types say camelCase, but it sends the object as it is given, and Twilio reads snake_case.
      const request = { webhook: { callback_url: url, callback_method: "POST" } };
      await delivered(() => channelsSenders(sid).update(request as never));
    },
  }));
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let begun: Promise<T> | undefined;
  return () => {
    begun ??= work();
    return begun;
  };
}

async function succeeds(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}

async function delivered<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toDeliveryError(error);
  }
}
