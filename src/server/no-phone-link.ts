// In place of Twilio where only other channels are used: nothing is sent, nothing is asked, and nothing that is signed is valid.
import type { LateClient } from "../channels/twilio/late-client.ts";
import type { Config } from "../config/config.ts";
import { DeliveryError } from "../domain/errors.ts";
import type { PhoneLink } from "./phone-link-contract.ts";

/** @param config its channels' secrets seal what an account's auth token seals otherwise */
export function noPhoneLink({ pairedAccounts }: Pick<Config, "pairedAccounts">): PhoneLink {
  const refuse = async (): Promise<never> => {
    throw new DeliveryError("There is no Twilio account.", "Set one up, or leave whatsapp out of CHANNELS.");
  };
  const content = () => ({
    remove: refuse,
    approvalCreate: { create: refuse },
    approvalFetch: () => ({ fetch: refuse }),
  });
  const client: LateClient = {
    messages: { create: refuse, list: refuse, page: refuse, getPage: refuse },
    content: { v1: { contents: Object.assign(content, { list: refuse, create: refuse }) } },
    messaging: { v2: { typingIndicator: { create: refuse } } },
    api: { baseUrl: "" },
    request: refuse,
  };
  return {
    accountSid: "",
    authTokens: [...pairedAccounts.values()].map(({ secret }) => secret),
    webhookTokens: [],
    from: "",
    client,
    twilioTime: { note() {}, now: Date.now, skewMs: () => undefined },
    sendIntervalMs: 0,
    ports: [],
    templates: { get: () => undefined, templates: [], missing: () => [], gone() {}, stop() {} },
    close: async () => {},
  };
}
