// Whether the WhatsApp sender belongs to this account and brings its messages here.
import { DeliveryError } from "../domain/errors.ts";
import { isSameNumber } from "../domain/phone-number.ts";
import { type Check, failure, ok, warning } from "./check.ts";

export interface SenderState {
  /** `whatsapp:+…` */
  readonly address: string;
  /** ONLINE, ONLINE:UPDATING, OFFLINE, … */
  readonly status: string;
  readonly callbackUrl?: string | undefined;
}

export interface SenderDeps {
  /** `whatsapp:+…` */
  readonly sender: string;
  readonly isSandbox: boolean;
  readonly approvers: readonly string[];
  /** Where Twilio is to post; absent when that is known only at the start, or when replies are read by polling. */
  readonly webhookUrl?: string | undefined;
  /** The account's WhatsApp senders. @throws DeliveryError */
  readonly senders: () => Promise<readonly SenderState[]>;
}

export function senderCheck({ sender, isSandbox, approvers, webhookUrl, senders }: SenderDeps): Check {
  const number = sender.replace("whatsapp:", "");
  const post = `"When a message comes in": ${webhookUrl}, POST`;
  return {
    description: "WhatsApp sender",
    async run() {
      if (approvers.some((approver) => isSameNumber(approver, number))) {
        return failure(
          "APPROVAL_PHONE is the sender's own number",
          "Set APPROVAL_PHONE to the phone that approves.",
        );
      }
      if (isSandbox) {
        const setting = webhookUrl === undefined ? "" : `\nIts settings in Twilio Console must say ${post}`;
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
      if (webhookUrl !== undefined && found.callbackUrl?.split("#")[0] !== webhookUrl) {
        return warning(`${number} is online, but its messages go elsewhere`, `Set ${post}`);
      }
      return ok(`${number} is online`);
    },
  };
}
