// `npm run doctor`: looks at everything that has to fit together, and says what does not. Changes nothing without --fix, and
// prints no secret.
import { type Config, parseConfig } from "../../config/config.ts";
import { SECRET_NAMES } from "../../config/environment.ts";
import type { Home } from "../../config/home.ts";
import type { Variables } from "../../config/read-variables.ts";
import type { Check } from "../../doctor/check.ts";
import { findingLines, findingsJson, hasErrors, summary } from "../../doctor/report.ts";
import { type Finding, runChecks } from "../../doctor/run-checks.ts";
import { ConfigError } from "../../domain/errors.ts";
import { ownCommand } from "../../domain/own-command.ts";
import { withApprovers } from "../../server/approvers/with-approvers.ts";
import { type CommandContext, type CommandInput, columnsOf } from "../command.ts";
import { EXIT } from "../exit.ts";
import { readSettings } from "../settings.ts";
import { type DoctorSettings, doctorChecks } from "./checks.ts";

/** Takes the line back that says what is being looked at. */
const ERASE_LINE = "\r\u001b[2K";
/** Below this a value is no secret but a slip, and masking it would garble the words. */
const MIN_SECRET_LENGTH = 6;

export async function doctor({ options }: CommandInput, context: CommandContext): Promise<number> {
  const { json } = options;
  const { out, stdout, colours, clock } = context;
  const settings = await readDoctorSettings(context);
  const checks = doctorChecks(settings, context);
  const secrets = secretsIn(settings.env);
  const width = Math.max(...checks.map(({ description }) => description.length));
  const findings: Finding[] = [];
  const progress = createProgress(checks, context, json !== true);
  progress.show(0);
  for await (const found of runChecks(checks, clock, { isFixing: options["fix"] === true })) {
    progress.hide();
    const finding = withoutSecrets(found, secrets);
    findings.push(finding);
    if (!json) out(findingLines(finding, { width, colour: colours.out, columns: columnsOf(stdout) }));
    progress.show(findings.length);
  }
  out(json ? findingsJson(findings) : `\n${summary(findings, ownCommand("doctor --fix"))}`);
  return hasErrors(findings) ? EXIT.failed : EXIT.ok;
}

/** What is being waited for, on a terminal only. */
function createProgress(checks: readonly Check[], { err, isTerminal }: CommandContext, isShown: boolean) {
  let isThere = false;
  return {
    show(index: number) {
      const check = checks[index];
      if (!isShown || !isTerminal || check === undefined) return;
      isThere = true;
      err(`… ${check.description}`);
    },
    hide() {
      if (isThere) err(ERASE_LINE);
      isThere = false;
    },
  };
}

async function readDoctorSettings(context: CommandContext): Promise<DoctorSettings> {
  let env: Variables;
  const unreadable: string[] = [];
  try {
    env = await readSettings(context);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    unreadable.push(...error.problems);
    env = context.env;
  }
  const { config, problems } = tryConfig(env, context.home);
  return { env, config, problems: [...unreadable, ...problems] };
}

/** With problems, what can be made of the rest: enough to look at this machine. */
function tryConfig(env: Variables, home: Home): { config: Config | undefined; problems: readonly string[] } {
  try {
    return { config: withPeople(parseConfig(env, home)), problems: [] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { config: restOf(env, home, error.problems), problems: error.problems };
  }
}

/** What is wrong with the file of the approvers is a check of its own: without it nobody is known. */
function withPeople(config: Config): Config {
  try {
    return withApprovers(config);
  } catch (error) {
    if (error instanceof ConfigError) return config;
    throw error;
  }
}

function restOf(env: Variables, home: Home, problems: readonly string[]): Config | undefined {
  const wrong = new Set(problems.map((problem) => problem.slice(0, problem.indexOf(":"))));
  const rest = Object.entries(env).filter(([name]) => !wrong.has(name) && !/^(TWILIO|NGROK)_/.test(name));
  try {
    return parseConfig(Object.fromEntries(rest), home);
  } catch {
    return undefined;
  }
}

function secretsIn(env: Variables): string[] {
  const values = SECRET_NAMES.flatMap((name) => env[name]?.split(",") ?? []);
  return values
    .flatMap((value) => [value.trim(), value.slice(value.indexOf(":") + 1).trim()])
    .filter((value) => value.length >= MIN_SECRET_LENGTH);
}

/** The last guard: no check should let one through, and none can. */
function withoutSecrets(finding: Finding, secrets: readonly string[]): Finding {
  const mask = (text: string) =>
    secrets.reduce((masked, secret) => masked.replaceAll(secret, "[secret]"), text);
  const { advice, fixed } = finding;
  return {
    ...finding,
    detail: mask(finding.detail),
    ...(advice === undefined ? {} : { advice: mask(advice) }),
    ...(fixed === undefined ? {} : { fixed: fixed.map(mask) }),
  };
}
