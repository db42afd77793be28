// What is said about each setting: docs/configuration.md and .env.example are made of it, and a test compares them. What a
// setting may be, and its default, is in environment.ts.
import type { Environment } from "./environment.ts";

export interface SettingDoc {
  readonly name: keyof Environment | "TWILIO_CONTENT_SID";
  /** What it does, in whole sentences; numbers with their units and limits. */
  readonly about: string;
  /** Where its value comes from, when a person has to fetch it. */
  readonly where?: string;
}

export interface SettingGroup {
  readonly title: string;
  /** What holds for all of them. */
  readonly about?: string;
  readonly settings: readonly SettingDoc[];
}

const ACCOUNT_INFO = "Twilio Console → Account Info";
const API_KEYS = "Twilio Console → Account → API keys & tokens";
const RANDOM = "openssl rand -hex 24";

export const SETTING_GROUPS: readonly SettingGroup[] = [
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
  {
    title: "Approvals",
    settings: [
      {
        name: "APPROVAL_TIMEOUT_SECONDS",
        about: "How long a call waits before it is denied: 10 to 3600 seconds.",
      },
      {
        name: "SESSION_GRANT_MINUTES",
        about: "How long a tap on Session allows the same thing again, at most: 1 to 1440 minutes.",
      },
      {
        name: "HOOK_GRACE_SECONDS",
        about:
          "Interactive sessions: how long the terminal has for itself before the phone is asked, so that who sits there pays no message: 0 to 300 seconds.",
      },
      {
        name: "VERIFY_REPLIES",
        about:
          "Which replies that come by webhook count only once Twilio itself lists the message: approvals, all or off. With off, whoever can read the auth token can approve.",
      },
      {
        name: "KEEP_ALIVE",
        about:
          "A reminder before WhatsApp's 24 hours or the Sandbox's 3 days end, at most one a day, where requests were sent in the last 3 days: on or off.",
      },
      {
        name: "CONFIRM",
        about:
          "What is confirmed on the phone: all, or problems. With problems nothing is sent about what went as it was tapped; where Twilio takes it, the phone shows your message as read, and the dots of somebody who types.",
      },
      {
        name: "DONE_MESSAGES",
        about:
          "With on, a message when Claude has finished, has failed or waits at the terminal; forms and refusals of the mode auto are asked, too. After a change, install the hooks again. Every message costs.",
      },
    ],
  },
  {
    title: "The record and the policy",
    settings: [
      {
        name: "APPROVAL_DB",
        about:
          "The SQLite file with every request and answer, secrets masked after the decision. Created for its owner only.",
      },
      {
        name: "APPROVAL_POLICY",
        about:
          "The file with what is denied or allowed before the phone is asked (docs/policy.md). Unset: policy.json, where there is one.",
      },
    ],
  },
  {
    title: "Who may ask",
    settings: [
      {
        name: "APPROVAL_TOKEN",
        about: "A password for the local routes, at least 16 characters. Set it in the shell of claude, too.",
        where: RANDOM,
      },
      {
        name: "APPROVAL_TOKENS",
        about:
          "Tokens of callers as name:token, separated by commas. The phone shows the name, and a name sees and withdraws only what it has asked. Set APPROVAL_TOKEN as well: it stays your own.",
        where: `${RANDOM}, for each`,
      },
      {
        name: "MAX_OPEN_REQUESTS",
        about:
          "How many requests of one token may wait at a time; callers without a named token count as one. More are denied unasked.",
      },
      {
        name: "MAX_REQUESTS_PER_MINUTE",
        about: "How many requests one token may make in a minute. More are denied unasked.",
      },
    ],
  },
  {
    title: "Listeners",
    settings: [
      {
        name: "HOST",
        about:
          "The address of the local listener. Anything but loopback requires APPROVAL_TOKEN, and is plain http.",
      },
      {
        name: "SERVER_PORT",
        about:
          "The local listener: the record at /, /mcp, /hooks, /v1, /health, /metrics. If you change it, set it in the shell of claude, too.",
      },
      {
        name: "WEBHOOK_PORT",
        about: "What a tunnel points at: the webhook and nothing else. Always on 127.0.0.1.",
      },
      {
        name: "SIMULATOR_PORT",
        about: "The simulated phone, used when no Twilio credential is set. Always on 127.0.0.1.",
      },
    ],
  },
  {
    title: "Rarely needed",
    settings: [
      { name: "LOG_LEVEL", about: "How much is logged, to stderr: debug, info, warn, error or silent." },
      {
        name: "LOG_FORMAT",
        about:
          "How it is logged: json, pretty (readable lines), or auto: pretty on a terminal, json anywhere else. With json, what the server says at its start is a line of the log as well.",
      },
      {
        name: "TWILIO_BASE_URL",
        about: "Sends every Twilio REST call to this origin: a proxy, or a stand-in for Twilio.",
      },
    ],
  },
];
