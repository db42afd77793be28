// `npm run setup-template`: creates the WhatsApp templates at Twilio, or finds them again, and writes the SID of the one for
// a command into .env. The server finds all of them by name.
// Never prints a token.

import { readFile } from "node:fs/promises";
import { cleanForeign } from "../../channels/twilio/error-advice.ts";
import { createContentApi } from "../../channels/twilio/templates/content-api.ts";
import { type EnsuredTemplate, ensureTemplates } from "../../channels/twilio/templates/ensure-templates.ts";
import { COMMAND_VARIABLE, type MessageTemplate } from "../../channels/twilio/templates/template.ts";
import {
  parseTemplateConfig,
  TEMPLATE_CONFIG_FILE,
} from "../../channels/twilio/templates/template-config.ts";
import { createTwilioClient } from "../../channels/twilio/twilio-client.ts";
import { readCredentials } from "../../config/credentials.ts";
import { readEnvFile, writeEnvFile } from "../../config/env-file.ts";
import { ownOrPackaged } from "../../config/home.ts";
import type { Variables } from "../../config/read-variables.ts";
import { ConfigError } from "../../domain/errors.ts";
import { ownCommand } from "../../domain/own-command.ts";
import type { CommandContext, CommandInput } from "../command.ts";
import { EXIT } from "../exit.ts";
import { createPaint, type Paint } from "../paint.ts";
import { readSettings } from "../settings.ts";

/** What WhatsApp says about a template until it has decided. */
const UNDECIDED = new Set(["unsubmitted", "received", "pending"]);

export async function setupTemplate({ options }: CommandInput, context: CommandContext): Promise<number> {
  const { env: realEnv, envFile, out, colours } = context;
  const env = await readSettings(context);
  const templates = parseTemplateConfig(await readTemplateFile(context));
  const client = createTwilioClient(readCredentials(env));
  const submit = options["submit"] === true;
  const ensured = await ensureTemplates(createContentApi(client), templates, { submit });

  const paint = createPaint(colours.out);
  for (const result of ensured.values()) out(resultText(result, paint));
  const written = await readEnvFile(envFile).catch(() => ({}));
  const sids = sidsByVariable(templates, ensured, written);
  await save(envFile, sids);
  out(`Wrote ${Object.keys(sids).join(", ")} to ${envFile}.\n`);
  const overruled = Object.keys(sids).filter((name) => (realEnv[name] ?? sids[name]) !== sids[name]);
  if (overruled.length > 0) {
    out(
      `But ${overruled.join(", ")} is also set in the environment, which wins over ${envFile}: unset it there.\n`,
    );
  }
  out(`\n${nextStep(env, envFile, [...ensured.values()])}\n`);
  return EXIT.ok;
}

function resultText({ name, sid, created, approval }: EnsuredTemplate, paint: Paint): string {
  const word = created ? paint("green", "created") : paint("dim", "reused");
  const line = `${name.padEnd(44)} ${sid}  ${word}\n`;
  if (approval === undefined) return line;
  const why = approval.rejectionReason === undefined ? "" : `: ${cleanForeign(approval.rejectionReason)}`;
  return `${line}  WhatsApp's approval (${approval.sid}): ${cleanForeign(approval.status)}${why}\n`;
}

/** What an older version wrote for the other templates is kept right: the server uses it where it fits. */
function sidsByVariable(
  templates: readonly MessageTemplate[],
  ensured: ReadonlyMap<string, EnsuredTemplate>,
  written: Variables,
): Record<string, string> {
  return Object.fromEntries(
    templates
      .filter(({ env }) => env === COMMAND_VARIABLE || written[env] !== undefined)
      .map(({ key, env }) => [env, ensured.get(key)?.sid ?? ""]),
  );
}

function nextStep(env: Variables, envFile: string, results: readonly EnsuredTemplate[]): string {
  if (results.some(({ approval }) => UNDECIDED.has(approval?.status ?? ""))) {
    return `Next: ${ownCommand("start")}. When WhatsApp has decided, run ${ownCommand("setup-template --submit")} again to see it. The server switches to the approved templates at its start, and looks once a day.`;
  }
  return env["APPROVAL_PHONE"] || env["APPROVERS"]
    ? `Next: ${ownCommand("start")}. A server that is running finds a new version when it is restarted.`
    : `Next: set APPROVAL_PHONE in ${envFile} to the phone that may approve, e.g. +15005550006; then ${ownCommand("start")}.`;
}

async function save(path: string, sids: Readonly<Record<string, string>>): Promise<void> {
  try {
    await writeEnvFile(path, sids);
  } catch (error) {
    const lines = Object.entries(sids).map(([name, sid]) => `${name}=${sid}`);
    throw new ConfigError([
      [`${path} cannot be written: ${reason(error)}; add these lines by hand:`, ...lines].join("\n"),
    ]);
  }
}

async function readTemplateFile({ home, root }: CommandContext): Promise<string> {
  const path = ownOrPackaged(home, root, TEMPLATE_CONFIG_FILE);
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new ConfigError([`${path} cannot be read: ${reason(error)}`]);
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
