// The environment as a checked, typed configuration. Pure: reads only what it is given, reports every problem at once.
import { join, resolve } from "node:path";
import type { Phone } from "../domain/tool-call.ts";
import { crossChecks, namedTokens } from "./cross-checks.ts";
import { type Environment, environment } from "./environment.ts";
import type { Home } from "./home.ts";
import { readVariables, refuseProblems, type Variables } from "./read-variables.ts";

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

export interface Config {
  readonly host: string;
  readonly serverPort: number;
  readonly webhookPort: number;
  /** The operator's own: it may do everything on the local listener. */
  readonly token?: string | undefined;
  /** Those of callers, by name: they may ask, and see what they have asked. */
  readonly namedTokens: ReadonlyMap<string, string>;
  /** Names and origins that the local listener knows beside loopback's. */
  readonly allowedHosts: readonly string[];
  readonly allowedOrigins: readonly string[];
  /** Another server, which commands that ask call instead of this machine's. */
  readonly serverUrl?: string | undefined;
  /** The limits of each token, and of everybody without one. */
  readonly limits: { readonly open: number; readonly perMinute: number };
  readonly timeoutMs: number;
  /** How long a grant of Session holds, ms. */
  readonly grantMs: number;
  /** How long the terminal has for itself before a hook asks the phone. */
  readonly hookGraceMs: number;
  /** Whether the phone is told when Claude has finished. */
  readonly doneMessages: boolean;
  /** How long a Claude that has finished waits for its person's next words, ms; 0: not at all. */
  readonly continueMs: number;
  /** Whether a request shows what Claude said before the call. */
  readonly showLastWords: boolean;
  /** Whether a phone is reminded before its chat closes. */
  readonly keepAlive: boolean;
  /** Whether what went as tapped is confirmed, or problems only. */
  readonly confirm: Environment["CONFIRM"];
  /** How long Claude waits before a call is parked, and how long a parked one waits in all, ms; absent: nothing is parked. */
  readonly parking?: { readonly afterMs: number; readonly forMs: number } | undefined;
  /** The folders that Claude may be started in, as they are written: absolute. They are looked at when the server starts. */
  readonly taskDirs: readonly string[];
  /** The claude command: a path, or a name that is looked for. */
  readonly claudeBin: string;
  /** Whether callers and the phone may run tasks, and what one turn of a task may take; absent where they may not. */
  readonly tasks?: { readonly turnMs: number; readonly maxAsked: number } | undefined;
  /** Older is removed once a day; 0: nothing is. */
  readonly retentionDays: number;
  /** Whether the phones are told the head of the event log once a day. */
  readonly auditHead: boolean;
  readonly databasePath: string;
  /** The policy's file, where one is named: then it must be there. */
  readonly policyPath?: string | undefined;
  /** The folder with the scripts that are tools, where one is named. */
  readonly toolsPath?: string | undefined;
  /** The file with the MCP servers behind the gate, where one is named: then it must be there. */
  readonly gatewayPath?: string | undefined;
  readonly approvers: readonly Phone[];
  /** WhatsApp's ids of approvers who hide their numbers, where they are named. */
  readonly userIds: ReadonlyMap<Phone, string>;
  /** Which replies of a webhook count only once Twilio itself lists the message. */
  readonly verifyReplies: Environment["VERIFY_REPLIES"];
  /** The real phone, or the simulated one when no Twilio credentials are set. */
  readonly phone:
    | { readonly kind: "twilio"; readonly twilio: TwilioConfig }
    | { readonly kind: "simulator"; readonly port: number; readonly from: string };
  readonly logLevel: string;
  readonly logFormat: Environment["LOG_FORMAT"];
}

/** The simulated phone's own number when `APPROVAL_PHONE` is not set: one of Twilio's test numbers. */
export const SIMULATED_PHONE = "+15005550006";

/**
 * Reads the configuration. A variable that is set but empty counts as not set.
 * @param home where relative paths start; without it they stay as they are, for who opens no file
 * @throws ConfigError with every problem, each naming the variable and what to do. Never contains a value.
 */
export function parseConfig(env: Variables, home?: Pick<Home, "folder" | "dataFolder">): Config {
  const { values, given, wrong } = readVariables(environment, env);
  refuseProblems(wrong, crossChecks(values, given));
  const { APPROVAL_PHONE: people = [{ phone: SIMULATED_PHONE }] } = values;
  return {
    host: values.HOST,
    serverPort: values.SERVER_PORT,
    webhookPort: values.WEBHOOK_PORT,
    token: values.APPROVAL_TOKEN,
    namedTokens: new Map(namedTokens(values)),
    allowedHosts: values.ALLOWED_HOSTS ?? [],
    allowedOrigins: values.ALLOWED_ORIGINS ?? [],
    serverUrl: values.APPROVAL_URL,
    limits: { open: values.MAX_OPEN_REQUESTS, perMinute: values.MAX_REQUESTS_PER_MINUTE },
    timeoutMs: values.APPROVAL_TIMEOUT_SECONDS * 1000,
    grantMs: values.SESSION_GRANT_MINUTES * 60_000,
    hookGraceMs: values.HOOK_GRACE_SECONDS * 1000,
    doneMessages: values.DONE_MESSAGES === "on",
    continueMs: values.CONTINUE_MINUTES * 60_000,
    showLastWords: values.SHOW_LAST_WORDS === "on",
    keepAlive: values.KEEP_ALIVE === "on",
    confirm: values.CONFIRM,
    taskDirs: values.TASK_DIRS ?? [],
    claudeBin: values.CLAUDE_BIN,
    tasks:
      values.TASKS === "on"
        ? { turnMs: values.TASK_MINUTES * 60_000, maxAsked: values.TASK_APPROVALS }
        : undefined,
    parking: parkingOf(values),
    retentionDays: values.RETENTION_DAYS,
    auditHead: values.AUDIT_HEAD === "daily",
    ...placed(values, given, home),
    approvers: people.map(({ phone }) => phone as Phone),
    userIds: new Map(
      people.flatMap(({ phone, userId }) => (userId === undefined ? [] : [[phone as Phone, userId]])),
    ),
    verifyReplies: values.VERIFY_REPLIES,
    phone: toPhone(values),
    logLevel: values.LOG_LEVEL,
    logFormat: values.LOG_FORMAT,
  };
}

function parkingOf({ PARK_AFTER_MINUTES: minutes, PARK_HOURS: hours }: Environment): Config["parking"] {
  if (minutes === undefined) return undefined;
  return { afterMs: Math.round(minutes * 60_000), forMs: Math.round(hours * 3_600_000) };
}

/** The files that the settings name. The database is in the home's folder for data where no setting says otherwise. */
function placed(
  { APPROVAL_DB, APPROVAL_POLICY, TOOLS_DIR, GATEWAY_CONFIG }: Environment,
  given: ReadonlySet<string>,
  home: Pick<Home, "folder" | "dataFolder"> | undefined,
): Pick<Config, "databasePath" | "policyPath" | "toolsPath" | "gatewayPath"> {
  const named = (path: string | undefined) =>
    path === undefined || home === undefined ? path : resolve(home.folder, path);
  const files = {
    policyPath: named(APPROVAL_POLICY),
    toolsPath: named(TOOLS_DIR),
    gatewayPath: named(GATEWAY_CONFIG),
  };
  if (home === undefined) return { databasePath: APPROVAL_DB, ...files };
  return {
    databasePath: given.has("APPROVAL_DB")
      ? resolve(home.folder, APPROVAL_DB)
      : join(home.dataFolder, "approvals.db"),
    ...files,
  };
}

function toPhone(values: Environment): Config["phone"] {
  const { TWILIO_ACCOUNT_SID: accountSid, TWILIO_AUTH_TOKEN: authToken, TWILIO_WHATSAPP_FROM: from } = values;
  if (accountSid === undefined || authToken === undefined) {
    return { kind: "simulator", port: values.SIMULATOR_PORT, from };
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

/** Every secret value, for the log to mask. */
export function secretsOf({ token, namedTokens, phone }: Config): string[] {
  const twilio = phone.kind === "twilio" ? phone.twilio : undefined;
  return [
    token,
    ...namedTokens.values(),
    twilio?.authToken,
    twilio?.authTokenSecondary,
    twilio?.apiKey?.secret,
    twilio?.ngrok?.authtoken,
  ].filter((value) => value !== undefined);
}
