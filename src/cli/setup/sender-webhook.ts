// Where Twilio posts what the phone sends. A sender of the account's own gets it by API, and gets back what it had when setup does
// not come to its end; the Sandbox's is set in the Console only, so it is said where.
import { WEBHOOK_PATH } from "../../channels/twilio/receive/webhook.ts";
import { parseConfig } from "../../config/config.ts";
import { webhookAddress } from "../../server/webhook-address.ts";
import { settingOf, settingsOf } from "./draft.ts";
import { checked, deskOf, type SetupProgress, type Workshop } from "./workshop.ts";

const SANDBOX_SETTINGS =
  'https://console.twilio.com → Messaging → Try it out → Send a WhatsApp message → Sandbox settings → "When a message comes in"';

/** The address that Twilio is to post to, where it is known before the start. */
export function webhookUrl({ draft }: SetupProgress): string | undefined {
  const domain = settingOf(draft, "NGROK_DOMAIN");
  if (settingOf(draft, "NGROK_AUTHTOKEN") !== undefined) {
    return domain === undefined
      ? undefined
      : `https://${domain.replace(/^https?:\/\/|\/+$/g, "")}${WEBHOOK_PATH}`;
  }
  const config = parseConfig(settingsOf(draft));
  const address = webhookAddress(config, config.webhookPort);
  return address.kind === "known" ? `${address.url.base}${WEBHOOK_PATH}${address.url.fragment}` : undefined;
}

/** What will be changed at Twilio, in words; undefined where nothing is. */
export function webhookChange(progress: SetupProgress): string | undefined {
  const url = webhookUrl(progress);
  const { ownSender } = progress;
  if (url === undefined || ownSender === undefined || ownSender.webhook.callbackUrl === url) return undefined;
  const number = ownSender.address.replace("whatsapp:", "");
  const { callbackUrl: before } = ownSender.webhook;
  return `The sender ${number} will post its messages to ${url}${before === undefined ? "" : `, and no longer to ${before}`}`;
}

/** Sets it. @returns what puts back what was there before; undefined where nothing was changed */
export async function setWebhook(
  workshop: Workshop,
  progress: SetupProgress,
): Promise<(() => Promise<void>) | undefined> {
  const url = webhookUrl(progress);
  const { ownSender } = progress;
  if (url === undefined || ownSender === undefined || ownSender.webhook.callbackUrl === url) return undefined;
  const desk = deskOf(progress);
  await checked(workshop, () => desk.setWebhook(ownSender.sid, { callbackUrl: url, callbackMethod: "POST" }));
  workshop.tell.good(`The sender posts its messages to ${url}.`);
  return () => desk.setWebhook(ownSender.sid, ownSender.webhook);
}

/** What only a person can do, in the Console. */
export async function explainWebhook({ tell, asker }: Workshop, progress: SetupProgress): Promise<void> {
  if (progress.ownSender !== undefined) return;
  const hasTunnel = settingOf(progress.draft, "NGROK_AUTHTOKEN") !== undefined;
  const url = webhookUrl(progress);
  if (url === undefined) {
    if (hasTunnel)
      tell.warn(
        `The tunnel's address changes at every start; each time it has to be put in at ${SANDBOX_SETTINGS}.`,
      );
    return;
  }
  tell.say(
    `Twilio has to know this address, and for the Sandbox that can be set in its Console only:\n${SANDBOX_SETTINGS}, method POST, then Save. Paste there:`,
  );
  tell.asItIs(`   ${url}`);
  if (asker.isPerson) await asker.confirm({ message: "Is it saved there?", initial: true });
}
