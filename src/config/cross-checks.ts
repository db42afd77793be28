// What has to fit together among the settings, each of which may be right by itself. Never puts a value into a problem.
import { ownCommand } from "../domain/own-command.ts";
import { channelChecks } from "./channel-settings.ts";
import { accountProblem, halfKeyProblem, tokenProblem } from "./credentials.ts";
import type { Environment } from "./environment.ts";
import { publicUrlProblem } from "./public-url.ts";
import { isLoopbackName } from "./remote-values.ts";
import { simulationChecks } from "./simulation.ts";

const TWILIO_ONLY = [
  "TWILIO_ACCOUNT_SID",
  "TWILIO_AUTH_TOKEN",
  "TWILIO_AUTH_TOKEN_SECONDARY",
  "TWILIO_API_KEY_SID",
  "TWILIO_API_KEY_SECRET",
];
/** Whether one variable is set that only a real account has: half-set credentials must never start the simulator. */
export function hasTwilio(given: ReadonlySet<string>): boolean {
  return TWILIO_ONLY.some((name) => given.has(name));
}

/** `HOST` values that nothing outside this machine can reach. */
const LOOPBACK = new Set(["127.0.0.1", "localhost", "::1"]);

/** Each problem begins with the variable that it is about. @param given the names that are set */
export function* crossChecks(values: Environment, given: ReadonlySet<string>): Generator<string> {
  if (!LOOPBACK.has(values.HOST) && values.APPROVAL_TOKEN === undefined) {
    yield "APPROVAL_TOKEN: is required because HOST is not a loopback address; make one with: openssl rand -hex 24";
  }
  yield* tokenChecks(values, given);
  yield* remoteChecks(values, given);
  yield* channelChecks(values, given);
  yield* simulationChecks(
    values,
    TWILIO_ONLY.filter((name) => given.has(name)),
  );
  if (values.APPROVAL_PHONE !== undefined && values.APPROVERS !== undefined) {
    yield "APPROVERS: is set beside APPROVAL_PHONE; write the numbers into its file and remove APPROVAL_PHONE, or remove APPROVERS";
  }
  if (values.WEBHOOK_PORT !== 0 && values.WEBHOOK_PORT === values.SERVER_PORT) {
    yield "WEBHOOK_PORT: must differ from SERVER_PORT, or a tunnel to it would expose the local routes";
  }
  if (values.TASKS === "on" && values.TASK_DIRS === undefined) {
    yield "TASK_DIRS: is missing while TASKS is on; name the folders that tasks may run in, e.g. TASK_DIRS=/code/web-shop";
  }
  yield* halfKeyProblem(given);
  if (given.has("PARK_AFTER_MINUTES") && values.TASK_DIRS === undefined) {
    yield "TASK_DIRS: is missing while PARK_AFTER_MINUTES is set; name the folders in which parked calls may be resumed";
  }
  if (values.NGROK_DOMAIN !== undefined && values.NGROK_AUTHTOKEN === undefined) {
    yield "NGROK_AUTHTOKEN: is missing while NGROK_DOMAIN is set (ngrok dashboard, Your Authtoken)";
  }
  const unreachable = values.PUBLIC_URL && publicUrlProblem(values.PUBLIC_URL, values.TWILIO_BASE_URL);
  if (unreachable) yield `PUBLIC_URL: ${unreachable}`;
  if (values.PUBLIC_URL !== undefined && values.NGROK_AUTHTOKEN !== undefined) {
    yield "NGROK_AUTHTOKEN: is set beside PUBLIC_URL; remove PUBLIC_URL to open the tunnel from here, or NGROK_AUTHTOKEN to use the address";
  }
  if (!hasTwilio(given)) {
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
  if (values.APPROVAL_PHONE === undefined && values.APPROVERS === undefined) {
    yield "APPROVAL_PHONE: is missing; set the number that may approve, e.g. APPROVAL_PHONE=+15005550006, or name people in a file: APPROVERS";
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

/** Whoever is let in from elsewhere must show a token: any page, and anybody behind the proxy, could flood the phone. */
function* remoteChecks(values: Environment, given: ReadonlySet<string>): Generator<string> {
  if (given.has("APPROVAL_TOKEN")) return;
  for (const name of ["ALLOWED_HOSTS", "ALLOWED_ORIGINS"] as const) {
    if (values[name] === undefined) continue;
    yield `APPROVAL_TOKEN: is required because ${name} is set: others than this machine's programs can then ask; make one with: openssl rand -hex 24`;
    return;
  }
  if (values.APPROVAL_URL !== undefined && !isLoopbackName(new URL(values.APPROVAL_URL).hostname)) {
    yield "APPROVAL_TOKEN: is missing while APPROVAL_URL names a server on another machine; it is your token there";
  }
}

/** Names and tokens, in their order. */
export function namedTokens({ APPROVAL_TOKENS: entries = [] }: Environment): [string, string][] {
  return entries.map((entry) => [entry.slice(0, entry.indexOf(":")), entry.slice(entry.indexOf(":") + 1)]);
}
