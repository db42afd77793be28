// Whether Twilio can post to this server, and where: answered here, once, and handed on as a value.
import type { PublicUrl } from "../channels/twilio/receive/webhook.ts";
import type { Config } from "../config/config.ts";
import type { TwilioConfig } from "../config/phone-config.ts";
import { openNgrok } from "../tunnel/ngrok.ts";
import { type Listener, listen } from "./listener.ts";
import { type PortLimits, publicLimits } from "./port-limits.ts";

export type WebhookAddress =
  /** Known before anything listens: `PUBLIC_URL`, or the listener itself for the simulated Twilio. */
  | { readonly kind: "known"; readonly url: PublicUrl }
  /** Known once the tunnel is open. */
  | { readonly kind: "tunnel"; readonly ngrok: NonNullable<TwilioConfig["ngrok"]> }
  /** There is none: replies and receipts are read from Twilio's list of messages. */
  | { readonly kind: "none" };

/** The port that Twilio posts to. There is none where nothing posts. @throws ConfigError as `listen` does */
export async function listenOutside(
  { phone, webhookPort }: Pick<Config, "phone" | "webhookPort">,
  limits: PortLimits = publicLimits(),
): Promise<Listener> {
  if (phone.kind === "none") return { port: 0, serve() {}, close: async () => {} };
  return listen("127.0.0.1", webhookPort, "WEBHOOK_PORT", limits);
}

/** Opens the tunnel where there is to be one. @returns where Twilio posts then. @throws ConfigError when it cannot be had */
export async function openTunnel(
  address: WebhookAddress,
  port: number,
): Promise<{ readonly url?: PublicUrl | undefined; close(): Promise<void> }> {
  if (address.kind !== "tunnel") return { close: async () => {} };
  const tunnel = await openNgrok(address.ngrok, port);
  return { url: { base: tunnel.url, fragment: "" }, close: () => tunnel.close() };
}

export function webhookAddress({ phone }: Config, webhookPort: number): WebhookAddress {
  if (phone.kind === "simulator") {
    return { kind: "known", url: { base: `http://127.0.0.1:${webhookPort}`, fragment: "" } };
  }
  if (phone.kind === "none") return { kind: "none" };
  const { publicUrl, ngrok } = phone.twilio;
  if (publicUrl !== undefined) {
    const { origin, pathname, hash } = new URL(publicUrl);
    return { kind: "known", url: { base: origin + pathname.replace(/\/+$/, ""), fragment: hash } };
  }
  return ngrok === undefined ? { kind: "none" } : { kind: "tunnel", ngrok };
}
