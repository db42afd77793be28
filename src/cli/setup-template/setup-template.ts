// `npm run setup-template`: creates the WhatsApp templates at Twilio, or finds them again, and writes their SIDs into .env.
// Reads and writes only what it is given; never prints a token.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs, styleText } from "node:util";
import { cleanForeign } from "../../channels/twilio/error-advice.ts";
import { createContentApi } from "../../channels/twilio/templates/content-api.ts";
import { type EnsuredTemplate, ensureTemplates } from "../../channels/twilio/templates/ensure-templates.ts";
import type { MessageTemplate } from "../../channels/twilio/templates/template.ts";
import {
  parseTemplateConfig,
  TEMPLATE_CONFIG_FILE,
} from "../../channels/twilio/templates/template-config.ts";
import { createTwilioClient } from "../../channels/twilio/twilio-client.ts";
import { readCredentials } from "../../config/credentials.ts";
import { readEnvFile, writeEnvFile } from "../../config/env-file.ts";
import { ConfigError, DeliveryError } from "../../domain/errors.ts";
import type { CommandDeps } from "../command-deps.ts";

/** What WhatsApp says of a template until it has decided. */
const UNDECIDED = new Set(["unsubmitted", "received", "pending"]);

const HELP = `Usage: npm run setup-template [-- --submit]

Creates the WhatsApp templates of ${TEMPLATE_CONFIG_FILE} in your Twilio account, or finds them again, and writes
their SIDs into .env. Safe to run again at any time: the same content is created only once.

  --submit   also asks WhatsApp to approve the templates, which lets messages through when the phone has not
             written for 24 hours; run it again later, and the approved ones are used
  --help     shows this text

Needs TWILIO_ACCOUNT_SID with TWILIO_AUTH_TOKEN, or with TWILIO_API_KEY_SID and TWILIO_API_KEY_SECRET, from the
environment or from .env (Twilio Console → Account Info).
`;

/** Runs the command. @returns the exit code: 0, or 1 after an error has been explained. */
export async function setupTemplate(deps: CommandDeps): Promise<number> {
  try {
    await run(deps);
    return 0;
  } catch (error) {
    const red = painter(deps.colour, "red");
    if (error instanceof ConfigError) {
      for (const problem of error.problems) deps.err(`${red("✗")} ${problem}\n`);
    } else if (error instanceof DeliveryError) {
      deps.err(`${red("✗")} ${error.message}\n  ${error.advice}\n`);
    } else {
      throw error;
    }
    return 1;
  }
}

async function run({ argv, env: realEnv, folder, out, colour }: CommandDeps): Promise<void> {
  const { submit, help } = readArguments(argv);
  if (help) return out(HELP);

  const envPath = join(folder, ".env");
  const env = { ...(await fromFile(".env", () => readEnvFile(envPath))), ...realEnv };
  const config = await fromFile(TEMPLATE_CONFIG_FILE, () =>
    readFile(join(folder, TEMPLATE_CONFIG_FILE), "utf8"),
  );
  const templates = parseTemplateConfig(config);
  const client = createTwilioClient(readCredentials(env));
  const ensured = await ensureTemplates(createContentApi(client), templates, { submit });

  const paint = { green: painter(colour, "green"), dim: painter(colour, "dim") };
  for (const result of ensured.values()) out(describe(result, paint));
  const sids = sidsByVariable(templates, ensured);
  await save(envPath, sids);
  out(`Wrote ${Object.keys(sids).join(", ")} to .env.\n`);
  const overruled = Object.keys(sids).filter((name) => (realEnv[name] ?? sids[name]) !== sids[name]);
  if (overruled.length > 0) {
    out(
      `But ${overruled.join(", ")} is also set in the environment, which wins over .env: unset it there.\n`,
    );
  }
  out(`\n${nextStep(env, [...ensured.values()])}\n`);
}

function readArguments(argv: readonly string[]): { submit: boolean; help: boolean } {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: { submit: { type: "boolean" }, help: { type: "boolean", short: "h" } },
    });
    return { submit: values.submit ?? false, help: values.help ?? false };
  } catch (error) {
    throw new ConfigError([`${reason(error)}; npm run setup-template -- --help shows what there is`]);
  }
}

function describe(
  { name, sid, created, approval }: EnsuredTemplate,
  paint: { green: Painter; dim: Painter },
): string {
  const line = `${name.padEnd(44)} ${sid}  ${created ? paint.green("created") : paint.dim("reused")}\n`;
  if (approval === undefined) return line;
  const why = approval.rejectionReason === undefined ? "" : `: ${cleanForeign(approval.rejectionReason)}`;
  return `${line}  WhatsApp's approval (${approval.sid}): ${cleanForeign(approval.status)}${why}\n`;
}

function sidsByVariable(
  templates: readonly MessageTemplate[],
  ensured: ReadonlyMap<string, EnsuredTemplate>,
): Record<string, string> {
  return Object.fromEntries(templates.map(({ key, env }) => [env, ensured.get(key)?.sid ?? ""]));
}

function nextStep(
  env: Readonly<Record<string, string | undefined>>,
  results: readonly EnsuredTemplate[],
): string {
  if (results.some(({ approval }) => UNDECIDED.has(approval?.status ?? ""))) {
    return "Next: npm start. When WhatsApp has decided, run npm run setup-template -- --submit again: it switches to the approved templates.";
  }
  return env["APPROVAL_PHONE"]
    ? "Next: npm start. A server that is running reads the new SIDs when it is restarted."
    : "Next: set APPROVAL_PHONE in .env to the phone that may approve, e.g. +15005550006; then npm start.";
}

async function save(path: string, sids: Readonly<Record<string, string>>): Promise<void> {
  try {
    await writeEnvFile(path, sids);
  } catch (error) {
    const lines = Object.entries(sids).map(([name, sid]) => `${name}=${sid}`);
    throw new ConfigError([
      [`.env cannot be written: ${reason(error)}; add these lines by hand:`, ...lines].join("\n"),
    ]);
  }
}

async function fromFile<T>(name: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    throw new ConfigError([
      missing
        ? `${name} is not in this folder: run the command where package.json is`
        : `${name} cannot be read: ${reason(error)}`,
    ]);
  }
}

type Painter = (text: string) => string;

function painter(colour: boolean, style: "red" | "green" | "dim"): Painter {
  return (text) => (colour ? styleText(style, text, { validateStream: false }) : text);
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
