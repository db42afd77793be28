// `npm run doctor`: looks at everything that has to fit together, and says what does not. Changes nothing at Twilio and
// prints no secret. Reads only what it is given.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Config, parseConfig, secretsOf } from "../../config/config.ts";
import { readEnvFile } from "../../config/env-file.ts";
import type { Clock } from "../../core/ports.ts";
import { configurationCheck } from "../../doctor/configuration.ts";
import { nodeVersionCheck } from "../../doctor/node-version.ts";
import { findingLines, findingsJson, hasErrors, summary } from "../../doctor/report.ts";
import { type Finding, runChecks } from "../../doctor/run-checks.ts";
import { ConfigError } from "../../domain/errors.ts";
import { packageRoot, systemClock } from "../../server/system.ts";
import type { CommandDeps } from "../command-deps.ts";
import { doctorChecks } from "./checks.ts";

export interface DoctorDeps extends CommandDeps {
  /** `process.version` */
  readonly nodeVersion: string;
  /** Whether file modes mean anything here. */
  readonly hasModes: boolean;
  readonly clock?: Clock;
}

const HELP = `Usage: npm run doctor [-- --json]

Checks Node.js, the configuration, the database, the ports, and with Twilio credentials the account, the sender, the
templates, the public address and each phone's 24-hour window. Sends no message.

  --json   one JSON object: {ok, checks: [{description, status, detail, advice?}]}
  --help   shows this text

Exits with 0 when there is no error, with 1 when there is one.
`;

/** Runs the command. @returns the exit code. */
export async function runDoctor(deps: DoctorDeps): Promise<number> {
  let options: { readonly json: boolean; readonly help: boolean };
  try {
    options = readArguments(deps.argv);
  } catch (error) {
    deps.err(`${error instanceof Error ? error.message : String(error)}\n${HELP}`);
    return 1;
  }
  if (options.help) {
    deps.out(HELP);
    return 0;
  }
  const { clock = systemClock } = deps;
  const env = { ...(await readEnvFile(join(deps.folder, ".env"))), ...deps.env };
  const { config, problems } = readConfig(env);
  const root = packageRoot();
  const checks = [
    nodeVersionCheck(deps.nodeVersion, readEngine(root)),
    configurationCheck(problems, "complete"),
    ...(config === undefined ? [] : doctorChecks({ ...deps, config, env, root, clock })),
  ];
  const secrets = config === undefined ? [] : secretsOf(config);
  const width = Math.max(...checks.map(({ description }) => description.length));
  const findings: Finding[] = [];
  for await (const found of runChecks(checks, clock)) {
    const finding = withoutSecrets(found, secrets);
    findings.push(finding);
    if (!options.json) deps.out(findingLines(finding, { width, colour: deps.colour }));
  }
  deps.out(options.json ? findingsJson(findings) : `\n${summary(findings)}`);
  return hasErrors(findings) ? 1 : 0;
}

function readArguments(argv: readonly string[]): { json: boolean; help: boolean } {
  const { values } = parseArgs({
    args: [...argv],
    options: { json: { type: "boolean" }, help: { type: "boolean", short: "h" } },
  });
  return { json: values.json ?? false, help: values.help ?? false };
}

function readConfig(env: DoctorDeps["env"]): { config?: Config; problems: readonly string[] } {
  try {
    return { config: parseConfig(env), problems: [] };
  } catch (error) {
    if (error instanceof ConfigError) return { problems: error.problems };
    throw error;
  }
}

function readEngine(root: string): string {
  const text = readFileSync(join(root, "package.json"), "utf8");
  return (JSON.parse(text) as { engines: { node: string } }).engines.node;
}

/** The last guard: no check should let one through, and none can. */
function withoutSecrets(finding: Finding, secrets: readonly string[]): Finding {
  const mask = (text: string) =>
    secrets.reduce((masked, secret) => masked.replaceAll(secret, "[secret]"), text);
  return {
    ...finding,
    detail: mask(finding.detail),
    ...(finding.advice === undefined ? {} : { advice: mask(finding.advice) }),
  };
}
