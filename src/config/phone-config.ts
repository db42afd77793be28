// What stands at the other end of Twilio's WhatsApp: a real account, the simulated phone, or nothing where other channels are used.
import type { Environment } from "./environment.ts";
import type { Simulation } from "./simulation.ts";

export interface TwilioConfig {
  readonly accountSid: string;
  /** Verifies webhooks; also the REST password when no API key is set. */
  readonly authToken: string;
  readonly authTokenSecondary?: string | undefined;
  readonly apiKey?: { readonly sid: string; readonly secret: string } | undefined;
  /** The sender with its `whatsapp:` prefix. */
  readonly from: string;
  /** Sends every REST call to this origin. */
  readonly baseUrl?: string | undefined;
  /** Where Twilio reaches us; absent when a tunnel opens it, or when replies are fetched instead. */
  readonly publicUrl?: string | undefined;
  readonly ngrok?: { readonly authtoken: string; readonly domain?: string | undefined } | undefined;
}

export type PhoneConfig =
  | { readonly kind: "none" }
  | { readonly kind: "twilio"; readonly twilio: TwilioConfig }
  | { readonly kind: "simulator"; readonly port: number; readonly from: string };

export function toPhone(values: Environment, simulation: Simulation | undefined): PhoneConfig {
  const { TWILIO_ACCOUNT_SID: accountSid, TWILIO_AUTH_TOKEN: authToken, TWILIO_WHATSAPP_FROM: from } = values;
  if (accountSid === undefined || authToken === undefined) {
    if (simulation?.channels.includes("whatsapp") !== true) return { kind: "none" };
    return { kind: "simulator", port: simulation.port, from };
  }
  const { TWILIO_API_KEY_SID: keySid, TWILIO_API_KEY_SECRET: secret, NGROK_AUTHTOKEN: authtoken } = values;
  const twilio = {
    accountSid,
    authToken,
    authTokenSecondary: values.TWILIO_AUTH_TOKEN_SECONDARY,
    apiKey: keySid && secret ? { sid: keySid, secret } : undefined,
    from,
    baseUrl: values.TWILIO_BASE_URL,
    publicUrl: values.PUBLIC_URL,
    ngrok: authtoken === undefined ? undefined : { authtoken, domain: values.NGROK_DOMAIN },
  };
  return { kind: "twilio", twilio };
}
