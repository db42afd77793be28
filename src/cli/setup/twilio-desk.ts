// What setup asks of Twilio, and the one thing it changes there beside the templates: a sender's webhook. Every method throws
// DeliveryError, in words that say what to do.
import { toDeliveryError } from "../../channels/twilio/error-advice.ts";
import { createInbox, type Inbox } from "../../channels/twilio/receive/inbox.ts";
import { createContentApi } from "../../channels/twilio/templates/content-api.ts";
import type { ContentApi } from "../../channels/twilio/templates/ensure-templates.ts";
import { createTwilioClient, type TwilioClient } from "../../channels/twilio/twilio-client.ts";
import type { AccountState } from "../../doctor/twilio-account.ts";
import type { Phone } from "../../domain/tool-call.ts";

export interface OwnSender {
  readonly sid: string;
  /** `whatsapp:+…` */
  readonly address: string;
  /** ONLINE, OFFLINE, … */
  readonly status: string;
  readonly webhook: SenderWebhook;
}

interface SenderWebhook {
  readonly callbackUrl: string | undefined;
  readonly callbackMethod: string | undefined;
}

export interface DeskAccess {
  readonly accountSid: string;
  readonly authToken: string;
  readonly baseUrl: string | undefined;
  /** Told the time of each of Twilio's answers, epoch ms. */
  readonly onTwilioTime?: ((at: number) => void) | undefined;
}

export interface TwilioDesk {
  account(): Promise<AccountState>;
  senders(): Promise<readonly OwnSender[]>;
  setWebhook(sid: string, webhook: SenderWebhook): Promise<void>;
  readonly contents: ContentApi;
  /**
   * What each phone has sent to a sender.
   * @param sender `whatsapp:+…`
   * @param sendersOf every name that a phone may write under
   */
  inbox(sender: string, sendersOf: (phone: Phone) => readonly string[]): Inbox;
  /** Numbers that have written to a sender since a time, epoch ms; newest first. */
  writersSince(sender: string, at: number): Promise<readonly string[]>;
}

const REST_TIMEOUT_MS = 10_000;
const MAX_WRITERS = 20;

export function createTwilioDesk({ accountSid, authToken, baseUrl, onTwilioTime }: DeskAccess): TwilioDesk {
  const client = createTwilioClient({
    accountSid,
    authToken,
    baseUrl,
    onTwilioTime,
    timeoutMs: REST_TIMEOUT_MS,
  });
  return {
    account: () => delivered(() => client.api.v2010.accounts(accountSid).fetch()),
    senders: () => delivered(() => readSenders(client)),
    setWebhook: (sid, { callbackUrl = "", callbackMethod = "POST" }) =>
      delivered(async () => {
        // The SDK's types say camelCase, but it sends the object as it is given.
        const webhook = { callback_url: callbackUrl, callback_method: callbackMethod };
        await client.messaging.v2.channelsSenders(sid).update({ webhook } as never);
      }),
    contents: createContentApi(client),
    inbox: (sender, sendersOf) => createInbox({ api: client.messages, accountSid, from: sender, sendersOf }),
    writersSince: (sender, at) =>
      delivered(async () => {
        const found = await client.messages.list({
          to: sender,
          dateSentAfter: new Date(at),
          limit: MAX_WRITERS,
        });
        return found.flatMap(({ direction, from, dateSent }) => {
          const isRecent = dateSent === null || dateSent.getTime() >= at;
          const number = /^whatsapp:(\+[1-9]\d{6,14})$/.exec(from)?.[1];
          return direction === "inbound" && isRecent && number !== undefined ? [number] : [];
        });
      }),
  };
}

/** Whether Twilio takes an API key. @throws DeliveryError */
export async function tryApiKey(
  access: Pick<DeskAccess, "accountSid" | "baseUrl">,
  apiKeySid: string,
  apiKeySecret: string,
): Promise<void> {
  const client = createTwilioClient({ ...access, apiKeySid, apiKeySecret, timeoutMs: REST_TIMEOUT_MS });
  await delivered(() => client.messages.list({ limit: 1 }));
}

async function readSenders(client: TwilioClient): Promise<OwnSender[]> {
  const senders = await client.messaging.v2.channelsSenders.list({ channel: "whatsapp" });
  return senders.map(({ sid, senderId, status, webhook }) => ({
    sid,
    address: senderId,
    status,
    webhook: {
      callbackUrl: webhook?.callbackUrl || undefined,
      callbackMethod: webhook?.callbackMethod || undefined,
    },
  }));
}

async function delivered<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toDeliveryError(error);
  }
}
