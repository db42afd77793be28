// The environment variables: their form, their defaults, and what to say when one is wrong.
import { isAbsolute } from "node:path/posix";
import { z } from "zod";
import { approverList } from "./approver-list.ts";
import { agentKey, botToken, channelList, simulatedList } from "./channel-values.ts";
import { hostList, originList, serverUrl } from "./remote-values.ts";
import { taskDirList } from "./task-folders.ts";

/** Twilio's shared WhatsApp Sandbox. */
export const SANDBOX_SENDER = "whatsapp:+14155238886";

const port = (fallback: number) =>
  z.coerce.number({ error: "must be a port number" }).int().min(0).max(65_535).default(fallback);
const sid = (prefix: string, where: string) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}[0-9a-fA-F]{32}$`), `must be ${prefix} and 32 hex digits (${where})`)
    .optional();
const limit = (fallback: number) =>
  z.coerce
    .number({ error: "must be a whole number" })
    .int("must be a whole number")
    .min(1, "must be at least 1")
    .max(1_000, "must be at most 1000")
    .default(fallback);
const retentionDays = z.coerce
  .number({ error: "must be a whole number of days" })
  .int("must be a whole number of days")
  .min(0, "must be at least 0 days")
  .max(36_500, "must be at most 36500 days")
  .default(0);
const url = z.url({
  protocol: /^https?$/,
  error: "must be an http(s) address, e.g. https://example.ngrok.app",
});
export const CONSOLE = "Twilio Console → Account Info, https://console.twilio.com";
export const API_KEYS = "Twilio Console → Account → API keys & tokens";

export const environment = z.object({
  TWILIO_ACCOUNT_SID: sid("AC", CONSOLE),
  TWILIO_AUTH_TOKEN: z.string().optional(),
  TWILIO_AUTH_TOKEN_SECONDARY: z.string().optional(),
  TWILIO_API_KEY_SID: sid("SK", API_KEYS),
  TWILIO_API_KEY_SECRET: z.string().optional(),
  TWILIO_WHATSAPP_FROM: z
    .string()
    .transform((text) => (text.startsWith("whatsapp:") ? text : `whatsapp:${text}`))
    .refine((text) => z.e164().safeParse(text.slice("whatsapp:".length)).success, {
      error: "must be whatsapp: and a number, e.g. whatsapp:+14155238886",
    })
    .default(SANDBOX_SENDER),
  APPROVAL_PHONE: approverList.optional(),
  APPROVERS: z.string().optional(),
  CHANNELS: channelList.optional(),
  ESCALATE_AFTER_SECONDS: z.coerce
    .number({ error: "must be a number of seconds" })
    .min(0, "must be at least 0")
    .max(3600, "must be at most 3600")
    .default(60),
  WHATSAPP_AGENT_KEY: agentKey.optional(),
  WHATSAPP_AGENT_BASE_URL: url.optional(),
  REACTIONS: z.enum(["on", "off"], { error: "must be on or off" }).default("off"),
  TELEGRAM_BOT_TOKEN: botToken.optional(),
  TELEGRAM_BASE_URL: url.optional(),
  VERIFY_REPLIES: z
    .enum(["approvals", "all", "off"], { error: "must be approvals, all or off" })
    .default("approvals"),
  HOST: z.string().default("127.0.0.1"),
  SERVER_PORT: port(8000),
  WEBHOOK_PORT: port(8001),
  SIMULATE: simulatedList.optional(),
  SIMULATOR_PORT: port(8002),
  PUBLIC_URL: url
    .refine((text) => !/^[^#]*\?/.test(text), { error: "must not have a query (?…)" })
    // The address of the webhook itself is what people copy.
    .transform((text) => text.replace(/^([^#]*[^/#])\/twilio-webhook\/?(?=#|$)/, "$1"))
    .optional(),
  NGROK_AUTHTOKEN: z.string().optional(),
  NGROK_DOMAIN: z.string().optional(),
  APPROVAL_TIMEOUT_SECONDS: z.coerce
    .number({ error: "must be a number of seconds" })
    .min(10, "must be at least 10")
    .max(3600, "must be at most 3600")
    .default(300),
  HOOK_GRACE_SECONDS: z.coerce
    .number({ error: "must be a number of seconds" })
    .min(0, "must be at least 0")
    .max(300, "must be at most 300")
    .default(15),
  SESSION_GRANT_MINUTES: z.coerce
    .number({ error: "must be a whole number of minutes" })
    .int("must be a whole number of minutes")
    .min(1, "must be at least 1")
    .max(1_440, "must be at most 1440")
    .default(60),
  KEEP_ALIVE: z.enum(["on", "off"], { error: "must be on or off" }).default("on"),
  AUDIT_HEAD: z.enum(["off", "daily"], { error: "must be off or daily" }).default("off"),
  RETENTION_DAYS: retentionDays,
  CONFIRM: z.enum(["all", "problems"], { error: "must be all or problems" }).default("all"),
  DONE_MESSAGES: z.enum(["on", "off"], { error: "must be on or off" }).default("off"),
  CONTINUE_MINUTES: z.coerce
    .number({ error: "must be a whole number of minutes" })
    .int("must be a whole number of minutes")
    .min(0, "must be at least 0")
    .max(720, "must be at most 720")
    .default(0),
  SHOW_LAST_WORDS: z.enum(["on", "off"], { error: "must be on or off" }).default("off"),
  PARK_AFTER_MINUTES: z.coerce
    .number({ error: "must be a number of minutes" })
    .min(0.01, "must be at least 0.01")
    .max(60, "must be at most 60")
    .optional(),
  PARK_HOURS: z.coerce
    .number({ error: "must be a number of hours" })
    .min(1, "must be at least 1")
    .max(168, "must be at most 168")
    .default(24),
  TASK_DIRS: taskDirList.optional(),
  CLAUDE_BIN: z
    .string()
    .refine((text) => isAbsolute(text) || !text.includes("/"), {
      error: "must be an absolute path, or a name that PATH finds",
    })
    .default("claude"),
  TASKS: z.enum(["on", "off"], { error: "must be on or off" }).default("off"),
  TASK_MINUTES: z.coerce
    .number({ error: "must be a whole number of minutes" })
    .int("must be a whole number of minutes")
    .min(1, "must be at least 1")
    .max(480, "must be at most 480")
    .default(60),
  TASK_APPROVALS: limit(50),
  APPROVAL_DB: z.string().default("data/approvals.db"),
  APPROVAL_POLICY: z.string().optional(),
  TOOLS_DIR: z.string().optional(),
  GATEWAY_CONFIG: z.string().optional(),
  APPROVAL_TOKEN: z
    .string()
    .min(16, "must have at least 16 characters; make one with: openssl rand -hex 24")
    .optional(),
  APPROVAL_TOKENS: z
    .string()
    .transform((text) => text.split(",").map((entry) => entry.trim()))
    .pipe(
      z.array(
        z
          .string()
          .regex(
            /^[a-z][a-z0-9_-]{0,19}:[^\s,]{16,}$/,
            "must be name:token, separated by commas: names of up to 20 lower-case letters, digits, - and _, tokens of at least 16 characters (openssl rand -hex 24)",
          ),
      ),
    )
    .optional(),
  ALLOWED_HOSTS: hostList.optional(),
  ALLOWED_ORIGINS: originList.optional(),
  APPROVAL_URL: serverUrl.optional(),
  MAX_OPEN_REQUESTS: limit(20),
  MAX_REQUESTS_PER_MINUTE: limit(60),
  TWILIO_BASE_URL: url.optional(),
  LOG_LEVEL: z
    .enum(["debug", "info", "warn", "error", "silent"], {
      error: "must be debug, info, warn, error or silent",
    })
    .default("info"),
  LOG_FORMAT: z.enum(["auto", "json", "pretty"], { error: "must be auto, json or pretty" }).default("auto"),
});

export type Environment = z.infer<typeof environment>;

/** The names of every variable that is read, for the documentation's test. */
export const VARIABLE_NAMES: readonly string[] = Object.keys(environment.shape);

/** The variables whose values are secrets. */
export const SECRET_NAMES = [
  "APPROVAL_TOKEN",
  "APPROVAL_TOKENS",
  "TWILIO_AUTH_TOKEN",
  "TWILIO_AUTH_TOKEN_SECONDARY",
  "TWILIO_API_KEY_SECRET",
  "NGROK_AUTHTOKEN",
  "WHATSAPP_AGENT_KEY",
  "TELEGRAM_BOT_TOKEN",
] as const;
