// What is said about the settings of Twilio and of the ways between it and this computer; see setting-docs.ts.
import type { SettingGroup } from "./setting-doc.ts";

const ACCOUNT_INFO = "Twilio Console → Account Info";
const API_KEYS = "Twilio Console → Account → API keys & tokens";

export const TWILIO_GROUPS: readonly SettingGroup[] = [
  {
    title: "Twilio account",
    about: "One of them is enough to leave the simulator; what is then missing is named at the start.",
    settings: [
      { name: "TWILIO_ACCOUNT_SID", about: "The account: AC and 32 hex digits.", where: ACCOUNT_INFO },
      {
        name: "TWILIO_AUTH_TOKEN",
        about:
          "The primary auth token. It verifies webhooks and is the password of the REST calls. The secret of an API key does not replace it.",
        where: ACCOUNT_INFO,
      },
      {
        name: "TWILIO_AUTH_TOKEN_SECONDARY",
        about: "A second token that may sign webhooks, while you rotate the first.",
        where: API_KEYS,
      },
      {
        name: "TWILIO_API_KEY_SID",
        about: "An API key for the REST calls instead of the auth token, which webhooks still need.",
        where: API_KEYS,
      },
      {
        name: "TWILIO_API_KEY_SECRET",
        about: "The other half of the API key: both or neither.",
        where: "shown once, when the key is created",
      },
    ],
  },
  {
    title: "Who writes to whom",
    settings: [
      {
        name: "TWILIO_WHATSAPP_FROM",
        about: "The WhatsApp sender. The default is Twilio's shared Sandbox.",
        where: "Twilio Console → Messaging → Senders",
      },
      {
        name: "TWILIO_CONTENT_SID",
        about:
          "The template of a command. It need not be set: templates are found by their names at the start, and made where they are missing.",
        where: "written by setup-template",
      },
      {
        name: "APPROVAL_PHONE",
        about:
          "The phone that may approve, with + and country code. Several are separated by commas: all are asked, the first answer decides. Who hides the number is named with an id: +15005550006=whatsapp:US.13491208655302741918",
        where: "your phone, e.g. +15005550006",
      },
    ],
  },
  {
    title: "How Twilio reaches this computer",
    about:
      "One of the two, or none: then replies are fetched from Twilio, every 2 s while something waits. Both together are an error.",
    settings: [
      {
        name: "PUBLIC_URL",
        about:
          "The https address in front of WEBHOOK_PORT, exactly as Twilio calls it, without /twilio-webhook: signatures are made over it.",
        where: "your tunnel",
      },
      {
        name: "NGROK_AUTHTOKEN",
        about: "Opens an ngrok tunnel to WEBHOOK_PORT from inside the server.",
        where: "ngrok dashboard → Your Authtoken",
      },
      {
        name: "NGROK_DOMAIN",
        about: "The tunnel's domain. Without it the address may change at every start.",
        where: "ngrok dashboard → Domains",
      },
    ],
  },
];
