// The checks of the way that Twilio's webhooks take: from the public address to this server, and its signature.
import { randomBytes } from "node:crypto";
import { CHECK_STATUS } from "../../channels/twilio/receive/read-webhook.ts";
import { signatureOf } from "../../channels/twilio/receive/signature.ts";
import { WEBHOOK_PATH } from "../../channels/twilio/receive/webhook.ts";
import type { TwilioConfig } from "../../config/phone-config.ts";
import type { Clock } from "../../core/ports/clock.ts";
import { withDeadline } from "../../core/timing.ts";
import type { Check } from "../../doctor/check.ts";
import { type PublicAddress, publicAddressChecks } from "../../doctor/public-address.ts";
import type { WebhookAddress } from "../../server/webhook-address.ts";
import type { ServerProbe } from "./server-probe.ts";

export interface AddressChecksDeps {
  readonly address: WebhookAddress;
  readonly twilio: TwilioConfig;
  readonly probe: ServerProbe;
  readonly isTokenRefused: () => Promise<boolean>;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
}

const POST_LIMIT_MS = 10_000;

export function addressChecks(deps: AddressChecksDeps): Check[] {
  const { address, probe, isTokenRefused } = deps;
  return publicAddressChecks({
    isRunning: async () => (await probe.isRunning()) || (await probe.webhook()).kind !== "unknown",
    isTokenRefused,
    async find() {
      switch (address.kind) {
        case "known":
          return publicAddress(address.url.base + WEBHOOK_PATH, deps);
        case "none":
          return { none: "none is set: replies are read from Twilio every 2 s while something waits" };
        case "tunnel": {
          const url = await probe.webhookUrl();
          return url === undefined
            ? { none: "ngrok opens one when the server starts" }
            : publicAddress(url, deps);
        }
      }
    },
  });
}

function publicAddress(
  webhookUrl: string,
  { twilio, probe, clock, fetch }: AddressChecksDeps,
): PublicAddress {
  return {
    webhookUrl,
    ask: () => probe.askPublic(webhookUrl),
    postSigned: () =>
      withDeadline(
        POST_LIMIT_MS,
        async (signal) => {
          const params = {
            AccountSid: twilio.accountSid,
            MessageSid: `SM${randomBytes(16).toString("hex")}`,
            From: twilio.from,
            To: twilio.from,
            MessageStatus: CHECK_STATUS,
          };
          const response = await fetch(webhookUrl, {
            method: "POST",
            redirect: "manual",
            signal,
            headers: { "x-twilio-signature": signatureOf(twilio.authToken, webhookUrl, params) },
            body: new URLSearchParams(params),
          });
          await response.body?.cancel();
          return response.status;
        },
        { clock },
      ),
  };
}
