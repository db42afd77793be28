// The address at which Twilio reaches the webhook, as far as it is known before a tunnel opens.

import type { PublicUrl } from "../channels/twilio/receive/webhook.ts";
import type { Config } from "../config/config.ts";

/** The simulated Twilio reaches the listener directly; the real one through the configured address. */
export function configuredUrl({ phone }: Config, webhookPort: number): PublicUrl | undefined {
  if (phone.kind === "simulator") return { base: `http://127.0.0.1:${webhookPort}`, fragment: "" };
  if (phone.twilio.publicUrl === undefined) return undefined;
  const { origin, pathname, hash } = new URL(phone.twilio.publicUrl);
  return { base: origin + pathname.replace(/\/+$/, ""), fragment: hash };
}
