// Which checks a configuration asks for, in the order in which they are printed.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { WEBHOOK_PATH } from "../../channels/twilio/receive/webhook.ts";
import type { Config } from "../../config/config.ts";
import type { Variables } from "../../config/read-variables.ts";
import type { Check } from "../../doctor/check.ts";
import { configurationCheck } from "../../doctor/configuration.ts";
import { continueCheck } from "../../doctor/continue.ts";
import { nodeVersionCheck } from "../../doctor/node-version.ts";
import { replyVerificationCheck } from "../../doctor/reply-verification.ts";
import { simulatedPhoneCheck } from "../../doctor/simulated-phone.ts";
import { CHANNEL_TITLES } from "../../domain/channel.ts";
import { webhookAddress } from "../../server/webhook-address.ts";
import type { CommandContext } from "../command.ts";
import { addressChecks } from "./address.ts";
import { channelChecks } from "./channels.ts";
import { claudeChecks, claudeVersion } from "./claude.ts";
import { localChecks, settingsFileChecks } from "./local.ts";
import { parkedChecks } from "./parked.ts";
import { remoteChecks } from "./remote.ts";
import { createServerProbe } from "./server-probe.ts";
import { tasks } from "./tasks.ts";
import { twilioChecks } from "./twilio.ts";

export interface DoctorSettings {
  /** Environment and .env together. */
  readonly env: Variables;
  /** Absent where not even the rest of the settings makes one. */
  readonly config: Config | undefined;
  /** What the server would refuse to start for. */
  readonly problems: readonly string[];
}

export function doctorChecks({ config, env, problems }: DoctorSettings, context: CommandContext): Check[] {
  const version = nodeVersionCheck({
    version: context.nodeVersion,
    range: readEngine(context.root),
    now: context.clock.now(),
  });
  const always = [
    version,
    configurationCheck(problems, "complete", context.envFile),
    ...settingsFileChecks(context),
  ];
  if (config === undefined) return [...always, claudeVersion(context)];
  const probe = createServerProbe({ ...context, config });
  const address = webhookAddress(config, config.webhookPort);
  const onThisMachine = [
    ...always,
    ...localChecks(config, context, probe),
    ...channelChecks(config, context, probe),
    ...remoteChecks(config, context),
    // Where Twilio is not used, nothing comes by webhook.
    ...(config.channels.includes("whatsapp") ? [replyVerificationCheck(config.verifyReplies)] : []),
    continueCheck(config.continueMs, { hasWebhook: address.kind !== "none", channels: config.channels }),
    claudeVersion(context),
    ...claudeChecks(config, context, probe),
    tasks(config, context),
    ...parkedChecks(config, context),
  ];
  // Half of the credentials says nothing about Twilio, and nothing about the simulator either.
  if (problems.length > 0) return onThisMachine;
  const { phone, simulation } = config;
  if (simulation !== undefined) {
    const titles = simulation.channels.map((name) => CHANNEL_TITLES[name]);
    return [...onThisMachine, simulatedPhoneCheck(titles)];
  }
  if (phone.kind !== "twilio") return onThisMachine;
  const { twilio } = phone;
  const atTwilio = twilioChecks({
    ...context,
    env,
    config,
    twilio,
    hasWebhook: address.kind !== "none",
    findWebhookUrl: async () => {
      if (address.kind === "known") return address.url.base + WEBHOOK_PATH;
      return address.kind === "tunnel" ? probe.webhookUrl() : undefined;
    },
  });
  const { isTokenRefused } = atTwilio;
  return [
    ...onThisMachine,
    ...atTwilio.checks,
    ...addressChecks({ ...context, address, twilio, probe, isTokenRefused }),
  ];
}

function readEngine(root: string): string {
  const text = readFileSync(join(root, "package.json"), "utf8");
  return (JSON.parse(text) as { engines: { node: string } }).engines.node;
}
