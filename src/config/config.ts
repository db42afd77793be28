// The environment as a checked, typed configuration. Pure: reads only what it is given, reports every problem at once.
import { join, resolve } from "node:path";
import { ownCommand } from "../domain/own-command.ts";
import type { Phone } from "../domain/tool-call.ts";
import { accountProblem, halfKeyProblem, tokenProblem } from "./credentials.ts";
import { type Environment, environment } from "./environment.ts";
import type { Home } from "./home.ts";
import { publicUrlProblem } from "./public-url.ts";
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
  /** The limits of each token, and of everybody without one. */
  readonly limits: { readonly open: number; readonly perMinute: number };
  readonly timeoutMs: number;
  /** How long a grant of Session holds, ms. */
  readonly grantMs: number;
  /** How long the terminal has for itself before a hook asks the phone. */
  readonly hookGraceMs: number;
  /** Whether the phone is told when Claude has finished. */
  readonly doneMessages: boolean;
  readonly databasePath: string;
  /** The policy's file, where one is named: then it must be there. */
  readonly policyPath?: string | undefined;
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
}

/** The simulated phone's own number when `APPROVAL_PHONE` is not set: one of Twilio's test numbers. */
export const SIMULATED_PHONE = "+15005550006";
// One variable that only a real account has is enough: half-set credentials must never start the simulator.
const TWILIO_ONLY = [
  "TWILIO_ACCOUNT_SID",
  "TWILIO_AUTH_TOKEN",
  "TWILIO_AUTH_TOKEN_SECONDARY",
  "TWILIO_API_KEY_SID",
  "TWILIO_API_KEY_SECRET",
];
/** `HOST` values that nothing outside this machine can reach. */
const LOOPBACK = new Set(["127.0.0.1", "localhost", "::1"]);

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
    limits: { open: values.MAX_OPEN_REQUESTS, perMinute: values.MAX_REQUESTS_PER_MINUTE },
    timeoutMs: values.APPROVAL_TIMEOUT_SECONDS * 1000,
    grantMs: values.SESSION_GRANT_MINUTES * 60_000,
    hookGraceMs: values.HOOK_GRACE_SECONDS * 1000,
    doneMessages: values.DONE_MESSAGES === "on",
    ...placed(values, given, home),
    approvers: people.map(({ phone }) => phone as Phone),
    userIds: new Map(
      people.flatMap(({ phone, userId }) => (userId === undefined ? [] : [[phone as Phone, userId]])),
    ),
    verifyReplies: values.VERIFY_REPLIES,
    phone: toPhone(values),
    logLevel: values.LOG_LEVEL,
  };
}

/** The files that the settings name. The database is in the home's folder for data where no setting says otherwise. */
function placed(
  { APPROVAL_DB, APPROVAL_POLICY }: Environment,
  given: ReadonlySet<string>,
  home: Pick<Home, "folder" | "dataFolder"> | undefined,
): Pick<Config, "databasePath" | "policyPath"> {
  if (home === undefined) return { databasePath: APPROVAL_DB, policyPath: APPROVAL_POLICY };
  return {
    databasePath: given.has("APPROVAL_DB")
      ? resolve(home.folder, APPROVAL_DB)
      : join(home.dataFolder, "approvals.db"),
    policyPath: APPROVAL_POLICY === undefined ? undefined : resolve(home.folder, APPROVAL_POLICY),
  };
}

function* crossChecks(values: Environment, given: ReadonlySet<string>): Generator<string> {
  if (!LOOPBACK.has(values.HOST) && values.APPROVAL_TOKEN === undefined) {
    yield "APPROVAL_TOKEN: is required because HOST is not a loopback address; make one with: openssl rand -hex 24";
  }
  yield* tokenChecks(values, given);
  if (values.WEBHOOK_PORT !== 0 && values.WEBHOOK_PORT === values.SERVER_PORT) {
    yield "WEBHOOK_PORT: must differ from SERVER_PORT, or a tunnel to it would expose the local routes";
  }
  yield* halfKeyProblem(given);
  if (values.NGROK_DOMAIN !== undefined && values.NGROK_AUTHTOKEN === undefined) {
    yield "NGROK_AUTHTOKEN: is missing while NGROK_DOMAIN is set (ngrok dashboard, Your Authtoken)";
  }
  const unreachable = values.PUBLIC_URL && publicUrlProblem(values.PUBLIC_URL, values.TWILIO_BASE_URL);
  if (unreachable) yield `PUBLIC_URL: ${unreachable}`;
  if (values.PUBLIC_URL !== undefined && values.NGROK_AUTHTOKEN !== undefined) {
    yield "NGROK_AUTHTOKEN: is set beside PUBLIC_URL; remove PUBLIC_URL to open the tunnel from here, or NGROK_AUTHTOKEN to use the address";
  }
  if (!TWILIO_ONLY.some((name) => given.has(name))) {
    if (
      values.SIMULATOR_PORT !== 0 &&
      [values.SERVER_PORT, values.WEBHOOK_PORT].includes(values.SIMULATOR_PORT)
    ) {
      yield "SIMULATOR_PORT: must differ from SERVER_PORT and WEBHOOK_PORT";
    }
    return;
  }
  yield* accountProblem(values);
  yield* tokenProblem(values, "; it verifies webhooks, an API key does not replace it");
  if (values.APPROVAL_PHONE === undefined) {
    yield "APPROVAL_PHONE: is missing; set the number that may approve, e.g. APPROVAL_PHONE=+15005550006";
  }
}

function* tokenChecks(values: Environment, given: ReadonlySet<string>): Generator<string> {
  const named = namedTokens(values);
  if (named.length > 0 && !given.has("APPROVAL_TOKEN")) {
    yield `APPROVAL_TOKEN: is missing while APPROVAL_TOKENS is set; it is your own, for ${ownCommand("resume")} and the like; make one with: openssl rand -hex 24`;
  }
  const names = named.map(([name]) => name);
  const tokens = [values.APPROVAL_TOKEN, ...named.map(([, token]) => token)];
  if (new Set(names).size < names.length) yield "APPROVAL_TOKENS: two tokens have the same name";
  if (new Set(tokens).size < tokens.length) {
    yield "APPROVAL_TOKENS: two tokens are the same, or one is APPROVAL_TOKEN itself: then nobody could tell who asks";
  }
}

/** Names and tokens, in their order. */
function namedTokens({ APPROVAL_TOKENS: entries = [] }: Environment): [string, string][] {
  return entries.map((entry) => [entry.slice(0, entry.indexOf(":")), entry.slice(entry.indexOf(":") + 1)]);
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
