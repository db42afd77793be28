// The environment as a checked, typed configuration. Pure: reads only what it is given, reports every problem at once.
import { join, resolve } from "node:path";
import type { ChannelName, PairedChannel } from "../domain/channel.ts";
import type { Person } from "../domain/person.ts";
import type { Phone } from "../domain/tool-call.ts";
import { accountsOf, channelsOf, type PairedAccount } from "./channel-settings.ts";
import { crossChecks, hasTwilio, namedTokens } from "./cross-checks.ts";
import { type Environment, environment } from "./environment.ts";
import type { Home } from "./home.ts";
import { type PhoneConfig, toPhone } from "./phone-config.ts";
import { readVariables, refuseProblems, type Variables } from "./read-variables.ts";
import { type Simulation, simulationOf, withSimulatedPhone } from "./simulation.ts";

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
  /** The file that names the people, where there is one: `withApprovers` reads it, and before that nobody is known. */
  readonly approversPath?: string | undefined;
  /** The numbers that Twilio's WhatsApp asks or tells. */
  readonly approvers: readonly Phone[];
  /** Everybody who is asked or told, but for who is bound by a code. `isClosed`: nobody else can be, a file names them. */
  readonly people: readonly Person[];
  readonly isClosed: boolean;
  /** In the order in which they are tried. */
  readonly channels: readonly ChannelName[];
  /** The accounts of the channels whose approvers are bound by a code. */
  readonly pairedAccounts: ReadonlyMap<PairedChannel, PairedAccount>;
  /** How long nobody answers until the next channel is asked, ms; 0: all at once. */
  readonly escalateAfterMs: number;
  /** Whether a reaction on the agent's message decides. */
  readonly reactions: boolean;
  /** WhatsApp's ids of approvers who hide their numbers, where they are named. */
  readonly userIds: ReadonlyMap<Phone, string>;
  /** Which replies of a webhook count only once Twilio itself lists the message. */
  readonly verifyReplies: Environment["VERIFY_REPLIES"];
  /** Twilio, the simulated phone when no account of any channel is set, or neither. */
  readonly phone: PhoneConfig;
  /** Which channels a phone on this machine plays; absent with real ones. */
  readonly simulation?: Simulation | undefined;
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
  const channels = channelsOf(values, hasTwilio(given));
  const simulation = simulationOf(values, channels, hasTwilio(given));
  const phone = toPhone(values, simulation);
  const {
    APPROVAL_PHONE: entries = phone.kind === "none" || values.APPROVERS !== undefined
      ? []
      : [{ phone: SIMULATED_PHONE, userId: undefined }],
  } = values;
  const approvers = entries.map(({ phone: number }) => number as Phone);
  const people = approvers.map((each): Person => ({ name: each, role: "approve", addresses: [each] }));
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
    approvers,
    people: withSimulatedPhone(people, simulation),
    isClosed: values.APPROVERS !== undefined,
    channels,
    pairedAccounts: accountsOf(values),
    escalateAfterMs: values.ESCALATE_AFTER_SECONDS * 1000,
    reactions: values.REACTIONS === "on",
    userIds: new Map(
      entries.flatMap(({ phone: number, userId }) =>
        userId === undefined ? [] : [[number as Phone, userId]],
      ),
    ),
    verifyReplies: values.VERIFY_REPLIES,
    phone,
    simulation,
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
  { APPROVAL_DB, APPROVAL_POLICY, TOOLS_DIR, GATEWAY_CONFIG, APPROVERS }: Environment,
  given: ReadonlySet<string>,
  home: Pick<Home, "folder" | "dataFolder"> | undefined,
): Pick<Config, "databasePath" | "policyPath" | "toolsPath" | "gatewayPath" | "approversPath"> {
  const named = (path: string | undefined) =>
    path === undefined || home === undefined ? path : resolve(home.folder, path);
  const files = {
    policyPath: named(APPROVAL_POLICY),
    toolsPath: named(TOOLS_DIR),
    gatewayPath: named(GATEWAY_CONFIG),
    approversPath: named(APPROVERS),
  };
  if (home === undefined) return { databasePath: APPROVAL_DB, ...files };
  return {
    databasePath: given.has("APPROVAL_DB")
      ? resolve(home.folder, APPROVAL_DB)
      : join(home.dataFolder, "approvals.db"),
    ...files,
  };
}

/** Every secret value, for the log to mask. */
export function secretsOf({ token, namedTokens, phone, pairedAccounts }: Config): string[] {
  const twilio = phone.kind === "twilio" ? phone.twilio : undefined;
  return [
    token,
    ...namedTokens.values(),
    ...[...pairedAccounts.values()].map(({ secret }) => secret),
    twilio?.authToken,
    twilio?.authTokenSecondary,
    twilio?.apiKey?.secret,
    twilio?.ngrok?.authtoken,
  ].filter((value) => value !== undefined);
}
