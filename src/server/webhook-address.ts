// Whether Twilio can post to this server, and where: answered here, once, and handed on as a value.
import type { PublicUrl } from "../channels/twilio/receive/webhook.ts";
import type { Config, TwilioConfig } from "../config/config.ts";

export type WebhookAddress =
  /** Known before anything listens: `PUBLIC_URL`, or the listener itself for the simulated Twilio. */
  | { readonly kind: "known"; readonly url: PublicUrl }
  /** Known once the tunnel is open. */
  | { readonly kind: "tunnel"; readonly ngrok: NonNullable<TwilioConfig["ngrok"]> }
  /** There is none: replies and receipts are read from Twilio's list of messages. */
  | { readonly kind: "none" };

export function webhookAddress({ phone }: Config, webhookPort: number): WebhookAddress {
  if (phone.kind === "simulator") {
    return { kind: "known", url: { base: `http://127.0.0.1:${webhookPort}`, fragment: "" } };
  }
  const { publicUrl, ngrok } = phone.twilio;
  if (publicUrl !== undefined) {
    const { origin, pathname, hash } = new URL(publicUrl);
    return { kind: "known", url: { base: origin + pathname.replace(/\/+$/, ""), fragment: hash } };
  }
  return ngrok === undefined ? { kind: "none" } : { kind: "tunnel", ngrok };
}
