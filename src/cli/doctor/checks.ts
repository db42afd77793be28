// Which checks a configuration asks for, each with what it needs of the store, of Twilio and of this machine.

import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";
import { WEBHOOK_PATH } from "../../channels/twilio/receive/webhook.ts";
import type { Config } from "../../config/config.ts";
import type { Variables } from "../../config/read-variables.ts";
import { createApprovers } from "../../core/approvers.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { Log } from "../../core/ports/log.ts";
import type { KnownUserId } from "../../core/ports/user-id-store.ts";
import { withDeadline } from "../../core/timing.ts";
import type { Check } from "../../doctor/check.ts";
import { databaseCheck } from "../../doctor/database.ts";
import { policyFileCheck } from "../../doctor/policy-file.ts";
import { type PortProbe, portsCheck } from "../../doctor/ports.ts";
import { noAddressCheck, publicAddressCheck } from "../../doctor/public-address.ts";
import { replyVerificationCheck } from "../../doctor/reply-verification.ts";
import { simulatedPhoneCheck } from "../../doctor/simulated-phone.ts";
import { readPolicyFile } from "../../policy/read-policy-file.ts";
import { policyContext, policyFilePath } from "../../server/guards.ts";
import { type WebhookAddress, webhookAddress } from "../../server/webhook-address.ts";
import { createSqliteStore } from "../../store/sqlite.ts";
import type { CommandContext } from "../command.ts";
import { localAddress } from "../local-client.ts";
import { countText } from "../policy/check.ts";
import { twilioChecks } from "./twilio.ts";

interface DoctorContext extends Pick<CommandContext, "home" | "root" | "hasModes" | "clock" | "fetch"> {
  readonly config: Config;
  /** The templates' SIDs are read from it. */
  readonly env: Variables;
}

const LIMIT_MS = 3_000;
/** Whatever listens there may have written it: an answer of another form is another program's. */
const healthSchema = z.looseObject({});
const REACHABLE = "The approval server is reachable here.";

export function doctorChecks(context: DoctorContext): Check[] {
  const { config, home, hasModes } = context;
  const { phone } = config;
  const path = resolve(home.folder, config.databasePath);
  const address = webhookAddress(config, config.webhookPort);
  return [
    databaseCheck({ path, hasModes, open: () => createSqliteStore(path).close() }),
    policyCheck(context),
    replyVerificationCheck(config.verifyReplies),
    portsCheck(portProbes(context)),
    ...(phone.kind === "simulator"
      ? [simulatedPhoneCheck()]
      : [
          ...twilioChecks({
            ...context,
            twilio: phone.twilio,
            readContact: contactReader(path),
            readApprovers: approversReader(path, context.clock),
            hasWebhook: address.kind !== "none",
            webhookUrl: address.kind === "known" ? address.url.base + WEBHOOK_PATH : undefined,
          }),
          addressCheck(context, address),
        ]),
  ];
}

function policyCheck(context: DoctorContext): Check {
  const { config, home } = context;
  const path = policyFilePath(config, home.folder);
  return policyFileCheck({
    path,
    isNamed: config.policyPath !== undefined,
    read: () => {
      const file = readPolicyFile(path, policyContext(config, context));
      if (file.kind === "none") return undefined;
      return file.kind === "good" ? { summary: countText(file.policy) } : file;
    },
  });
}

function portProbes(context: DoctorContext): PortProbe[] {
  const { host, serverPort, webhookPort, phone } = context.config;
  const loopback = "127.0.0.1";
  const whoServes = () => serverAnswers(context);
  return [
    { variable: "SERVER_PORT", host, port: serverPort, whoAnswers: whoServes },
    {
      variable: "WEBHOOK_PORT",
      host: loopback,
      port: webhookPort,
      whoAnswers: async () => ((await webhookAnswers(context)) ? "server" : "unknown"),
    },
    ...(phone.kind === "twilio"
      ? []
      : [
          {
            variable: "SIMULATOR_PORT",
            host: loopback,
            port: phone.port,
            // It belongs to the server that runs here, when that one has the simulated phone.
            whoAnswers: whoServes,
          },
        ]),
  ];
}

async function serverAnswers({ config, fetch, clock }: DoctorContext): ReturnType<PortProbe["whoAnswers"]> {
  const { url, headers } = localAddress(config);
  const answer = async (signal: AbortSignal) => {
    const response = await fetch(`${url}/health`, { headers, signal });
    return { status: response.status, body: healthSchema.parse(await response.json()) };
  };
  const { status, body } = await withDeadline(LIMIT_MS, answer, { clock });
  if (status === 401 && String(body.message).includes("approval server")) return "other token";
  if (typeof body.status !== "string" || typeof body.version !== "string") return "unknown";
  return body.status === "ok" ? "server" : "not recording";
}

async function webhookAnswers({ config, fetch, clock }: DoctorContext): Promise<boolean> {
  const answer = async (signal: AbortSignal) => {
    const response = await fetch(`http://127.0.0.1:${config.webhookPort}${WEBHOOK_PATH}`, { signal });
    return (await response.text()).includes(REACHABLE);
  };
  return withDeadline(LIMIT_MS, answer, { clock }).catch(() => false);
}

function addressCheck(context: DoctorContext, address: WebhookAddress): Check {
  switch (address.kind) {
    case "known":
      return publicAddressCheck({
        webhookUrl: address.url.base + WEBHOOK_PATH,
        isOurs: (text) => text.includes(REACHABLE),
        isRunning: () => webhookAnswers(context),
        fetch: context.fetch,
      });
    case "tunnel":
      return noAddressCheck("ngrok opens one when the server starts");
    case "none":
      return noAddressCheck("none is set: replies are read from Twilio every 2 s while something waits");
  }
}

/** What the store knows about a phone; nothing when there is no file yet, or it cannot be read: another check says so. */
function contactReader(path: string): Parameters<typeof twilioChecks>[0]["readContact"] {
  return async (phone) => {
    if (!existsSync(path)) return {};
    try {
      const store = createSqliteStore(path);
      return await store.contact(phone).finally(() => store.close());
    } catch {
      return {};
    }
  };
}

/** The same for the names under which an approver is known. */
function approversReader(path: string, clock: Clock): Parameters<typeof twilioChecks>[0]["readApprovers"] {
  return async ({ approvers: phones, userIds }, { authToken, authTokenSecondary }) => {
    const secrets = [authToken, ...(authTokenSecondary === undefined ? [] : [authTokenSecondary])];
    const known = existsSync(path) ? await knownUserIds(path) : [];
    const unused = async () => {};
    const store = { userIds: async () => known, recordUserId: unused, forgetUserId: unused };
    return createApprovers({ phones, userIds, secrets, store, clock, log: silentLog });
  };
}

async function knownUserIds(path: string): Promise<readonly KnownUserId[]> {
  try {
    const store = createSqliteStore(path);
    return await store.userIds().finally(() => store.close());
  } catch {
    return [];
  }
}

const silent = () => {};
const silentLog: Log = { debug: silent, info: silent, warn: silent, refused: silent, error: silent };
