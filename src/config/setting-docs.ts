// What is said about each setting: docs/configuration.md and .env.example are made of it, and a test compares them. What a
// setting may be, and its default, is in environment.ts.
import type { SettingGroup } from "./setting-doc.ts";
import { CHANNEL_GROUPS } from "./setting-docs-channels.ts";
import { RUNNING_GROUPS } from "./setting-docs-running.ts";
import { TWILIO_GROUPS } from "./setting-docs-twilio.ts";

const RANDOM = "openssl rand -hex 24";

export const SETTING_GROUPS: readonly SettingGroup[] = [
  ...TWILIO_GROUPS,
  ...CHANNEL_GROUPS,
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
        name: "CONTINUE_MINUTES",
        about:
          "How many minutes a Claude that has finished waits for your reply to its message, which is its next instruction (docs/continue.md): 0 to 720, 0 is off. Print mode waits with it. Needs replies by webhook. After a change, install the hooks again.",
      },
      {
        name: "SHOW_LAST_WORDS",
        about:
          "With on, a request that comes by a hook shows the last thing that Claude said before the call, in one masked line.",
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
        name: "RETENTION_DAYS",
        about:
          "How many days of the record and the event log are kept: 0 keeps all, up to 36500. Removed once a day while the server runs; what is open stays (docs/audit.md).",
      },
      {
        name: "AUDIT_HEAD",
        about:
          "With daily, the phones get the newest hash of the event log once a day, after 9:00: a message each, which the log can be checked against. off or daily.",
      },
      {
        name: "APPROVAL_POLICY",
        about:
          "The file with what is denied or allowed before the phone is asked (docs/policy.md). Unset: policy.json, where there is one.",
      },
      {
        name: "GATEWAY_CONFIG",
        about:
          "The file with the MCP servers behind the gate (docs/gateway.md). Unset: gateway.json, where there is one.",
      },
    ],
  },
  ...RUNNING_GROUPS,
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
    title: "Other machines",
    about: "See docs/remote.md.",
    settings: [
      {
        name: "ALLOWED_HOSTS",
        about:
          "Names by which a reverse proxy on this machine calls the server, separated by commas: approvals.example.com. Requires APPROVAL_TOKEN.",
      },
      {
        name: "ALLOWED_ORIGINS",
        about:
          "Web pages that may ask, by /mcp, /sse and /v1: exact origins, separated by commas, such as https://app.example.com; http for this machine's own only. Requires APPROVAL_TOKEN.",
      },
      {
        name: "APPROVAL_URL",
        about:
          "A server on another machine, for ask, stdio and demo: https://approvals.example.com. Requires APPROVAL_TOKEN, your token there; both belong into one place, the environment or this file.",
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
          "The local listener: the record at /, /mcp, /sse, /hooks, /v1, /health, /metrics. If you change it, set it in the shell of claude, too.",
      },
      {
        name: "WEBHOOK_PORT",
        about: "What a tunnel points at: the webhook and nothing else. Always on 127.0.0.1.",
      },
      {
        name: "SIMULATE",
        about:
          "Which phone a page on this machine plays, for a try without an account: twilio, whatsapp-agent, telegram, or several, in the order in which they are asked. Anyone on this machine can tap there; it cannot stand beside a real account. Without it, twilio where no account is set.",
      },
      {
        name: "SIMULATOR_PORT",
        about: "The page with the simulated phone, where there is one. Always on 127.0.0.1.",
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
