// Whether the WhatsApp sender belongs to this account and brings its messages here.

import { numbersIn, writeNumber } from "../domain/approver-places.ts";
import { DeliveryError } from "../domain/errors.ts";
import { parsedUrl } from "../domain/parsed-url.ts";
import { isSameNumber } from "../domain/phone-number.ts";
import { cutEnd, visibleLine } from "../domain/visible.ts";
import { type Check, failure, ok, warning } from "./check.ts";

export interface SenderState {
  /** `whatsapp:+…` */
  readonly address: string;
  /** ONLINE, ONLINE:UPDATING, OFFLINE, … */
  readonly status: string;
  readonly callbackUrl?: string | undefined;
  /** Sets where Twilio posts its messages. @throws DeliveryError */
  readonly setWebhook: (url: string) => Promise<void>;
}

export interface SenderDeps {
  /** `whatsapp:+…` */
  readonly sender: string;
  readonly isSandbox: boolean;
  readonly approvers: readonly string[];
  /** Whether a file has named them. Default: the setting has */
  readonly isClosed?: boolean | undefined;
  /** Where Twilio is to post; none while that is known only at the start, or when replies are read by polling. */
  readonly findWebhookUrl: () => Promise<string | undefined>;
  /** The account's WhatsApp senders. @throws DeliveryError */
  readonly senders: () => Promise<readonly SenderState[]>;
}

export function senderCheck(deps: SenderDeps): Check {
  const { sender, isSandbox, approvers, isClosed = false, findWebhookUrl, senders } = deps;
  const number = sender.replace("whatsapp:", "");
  return {
    description: "WhatsApp sender",
    async run() {
      if (approvers.some((approver) => isSameNumber(approver, number))) {
        return failure(
          isClosed
            ? `a number in ${numbersIn({ isClosed })} is the sender's own`
            : `${numbersIn({ isClosed })} is the sender's own number`,
          isClosed
            ? "Write the number of the phone that approves there."
            : writeNumber({ isClosed }, "the phone that approves"),
        );
      }
      const webhookUrl = await findWebhookUrl();
      const post = `"When a message comes in": ${webhookUrl}, POST`;
      if (isSandbox) {
        const setting =
          webhookUrl === undefined
            ? ""
            : `\nIts webhook cannot be read: look whether its settings in Twilio Console say ${post}`;
        return ok(`the WhatsApp Sandbox, ${number}${setting}`);
      }
      const all = await senders().catch((error: unknown) => {
        if (error instanceof DeliveryError) return error;
        throw error;
      });
      if (all instanceof DeliveryError) {
        return warning(`${number}; whether it is this account's cannot be told: ${all.message}`, all.advice);
      }
      const found = all.find(({ address }) => address === sender);
      if (found === undefined) {
        return failure(
          `this account has no WhatsApp sender ${number}`,
          "Set TWILIO_WHATSAPP_FROM to one from Twilio Console → Messaging → Senders, or to the Sandbox, whatsapp:+14155238886.",
        );
      }
      if (!found.status.startsWith("ONLINE")) {
        return failure(`${number} is ${found.status}`, "See Twilio Console → Messaging → Senders.");
      }
      if (webhookUrl !== undefined && found.callbackUrl === undefined) {
        return failure(
          `${number} is online, but has no webhook: no reply comes in`,
          `Set ${post}`,
          async () => {
            await found.setWebhook(webhookUrl);
            return [`set the webhook of ${number} to ${webhookUrl}`];
          },
        );
      }
      if (webhookUrl !== undefined && found.callbackUrl?.split("#")[0] !== webhookUrl) {
        return warning(
          `${number} is online, but its messages go elsewhere: ${foreign(found.callbackUrl)}`,
          `Set ${post}`,
        );
      }
      return ok(`${number} is online`);
    },
  };
}

const MAX_SHOWN = 200;

/** Somebody has typed it into the Console. What may be a password in it is left out. */
function foreign(address = ""): string {
  if (parsedUrl(address) === undefined) return "no address";
  const { origin, pathname } = new URL(address);
  const shown = visibleLine(origin + pathname);
  return shown.slice(0, cutEnd(shown, MAX_SHOWN));
}
