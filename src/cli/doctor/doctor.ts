// `npm run doctor`: looks at everything that has to fit together, and says what does not. Changes nothing at Twilio and
// prints no secret.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Config, parseConfig, secretsOf } from "../../config/config.ts";
import type { Home } from "../../config/home.ts";
import type { Variables } from "../../config/read-variables.ts";
import type { Check } from "../../doctor/check.ts";
import { configurationCheck } from "../../doctor/configuration.ts";
import { nodeVersionCheck } from "../../doctor/node-version.ts";
import { findingLines, findingsJson, hasErrors, summary } from "../../doctor/report.ts";
import { type Finding, runChecks } from "../../doctor/run-checks.ts";
import { ConfigError } from "../../domain/errors.ts";
import type { CommandContext, CommandInput } from "../command.ts";
import { EXIT } from "../exit.ts";
import { readSettings } from "../settings.ts";
import { doctorChecks } from "./checks.ts";

export async function doctor({ options }: CommandInput, context: CommandContext): Promise<number> {
  const { json } = options;
  const { out, colours, clock } = context;
  const env = await readSettings(context);
  const { config, problems } = tryConfig(env, context.home);
  const checks: Check[] = [
    nodeVersionCheck(context.nodeVersion, readEngine(context.root)),
    configurationCheck(problems, "complete", context.envFile),
    ...(config === undefined ? [] : doctorChecks({ ...context, config, env })),
  ];
  const secrets = config === undefined ? [] : secretsOf(config);
  const width = Math.max(...checks.map(({ description }) => description.length));
  const findings: Finding[] = [];
  for await (const found of runChecks(checks, clock)) {
    const finding = withoutSecrets(found, secrets);
    findings.push(finding);
    if (!json) out(findingLines(finding, { width, colour: colours.out }));
  }
  out(json ? findingsJson(findings) : `\n${summary(findings)}`);
  return hasErrors(findings) ? EXIT.failed : EXIT.ok;
}

function tryConfig(env: Variables, home: Home): { config?: Config; problems: readonly string[] } {
  try {
    return { config: parseConfig(env, home), problems: [] };
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
    advice: finding.advice === undefined ? undefined : mask(finding.advice),
  };
}
