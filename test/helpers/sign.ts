// A webhook's signature as Twilio makes it, for tests that forge the rest.
import { getExpectedTwilioSignature } from "twilio/lib/webhooks/webhooks.js";
import type { ServerStage } from "./server-stage.ts";

/** The headers of a webhook that is signed with the stage's own token. */
export function sign(
  { phone, server }: ServerStage,
  params: Readonly<Record<string, string>>,
  url = server.webhookUrl,
): Record<string, string> {
  return { "x-twilio-signature": getExpectedTwilioSignature(phone.authToken, url, params) };
}
