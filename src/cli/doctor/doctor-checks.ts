// Which checks a configuration asks for, each with what it needs of the store, of Twilio and of this machine.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { WEBHOOK_PATH } from "../../channels/twilio/receive/webhook.ts";
import type { Config } from "../../config/config.ts";
import type { Clock } from "../../core/ports.ts";
import type { Check } from "../../doctor/check.ts";
import { databaseCheck } from "../../doctor/database.ts";
import { policyFileCheck } from "../../doctor/policy-file.ts";
import { type PortProbe, portsCheck } from "../../doctor/ports.ts";
import { noAddressCheck, publicAddressCheck } from "../../doctor/public-address.ts";
import { simulatedPhoneCheck } from "../../doctor/simulated-phone.ts";
import { readPolicyFile } from "../../policy/read-policy-file.ts";
import { policyContext, policyFilePath } from "../../server/guards.ts";
import { createSqliteStore } from "../../store/sqlite.ts";
import { localAddress } from "../local-client.ts";
import { countText } from "../policy/policy-run.ts";
import { twilioChecks } from "./doctor-twilio.ts";

export interface DoctorContext {
  readonly config: Config;
  /** The templates' SIDs are read from it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where relative paths start. */
  readonly folder: string;
  /** Folder of package.json. */
  readonly root: string;
  readonly hasModes: boolean;
  readonly clock: Clock;
}

const LIMIT_MS = 3_000;
const REACHABLE = "The approval server is reachable here.";

export function doctorChecks(context: DoctorContext): Check[] {
  const { config, folder, hasModes } = context;
  const { phone } = config;
  const path = resolve(folder, config.databasePath);
  return [
    databaseCheck({ path, hasModes, open: () => createSqliteStore(path).close() }),
    policyCheck(context),
    portsCheck(portProbes(config)),
    ...(phone.kind === "simulator"
      ? [simulatedPhoneCheck()]
      : [
          ...twilioChecks({
            ...context,
            twilio: phone.twilio,
            readContact: contactReader(path),
            ...(phone.twilio.publicUrl === undefined
              ? {}
              : { webhookUrl: webhookUrlOf(phone.twilio.publicUrl) }),
          }),
          addressCheck(config, phone.twilio),
        ]),
  ];
}

function policyCheck(context: DoctorContext): Check {
  const { config, folder } = context;
  const path = policyFilePath(config, folder);
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

function portProbes(config: Config): PortProbe[] {
  const { host, serverPort, webhookPort, phone } = config;
  const loopback = "127.0.0.1";
  return [
    { variable: "SERVER_PORT", host, port: serverPort, whoAnswers: () => serverAnswers(config) },
    {
      variable: "WEBHOOK_PORT",
      host: loopback,
      port: webhookPort,
      whoAnswers: async () => ((await webhookAnswers(webhookPort)) ? "server" : "unknown"),
    },
    ...(phone.kind === "twilio"
      ? []
      : [
          {
            variable: "SIMULATOR_PORT",
            host: loopback,
            port: phone.port,
            // It belongs to the server that runs here, when that one has the simulated phone.
            whoAnswers: () => serverAnswers(config),
          },
        ]),
  ];
}

async function serverAnswers(config: Config): Promise<"server" | "other token" | "unknown"> {
  const { url, headers } = localAddress(config);
  const response = await fetch(`${url}/health`, { headers, signal: AbortSignal.timeout(LIMIT_MS) });
  const body = (await response.json()) as { status?: unknown; version?: unknown; message?: unknown } | null;
  if (response.status === 401 && String(body?.message).includes("approval server")) return "other token";
  return body?.status === "ok" && typeof body.version === "string" ? "server" : "unknown";
}

async function webhookAnswers(port: number): Promise<boolean> {
  try {
    const url = `http://127.0.0.1:${port}${WEBHOOK_PATH}`;
    const response = await fetch(url, { signal: AbortSignal.timeout(LIMIT_MS) });
    return (await response.text()).includes(REACHABLE);
  } catch {
    return false;
  }
}

function addressCheck(
  { webhookPort }: Config,
  { publicUrl, ngrok }: { readonly publicUrl?: string; readonly ngrok?: object },
): Check {
  if (publicUrl !== undefined) {
    return publicAddressCheck({
      webhookUrl: webhookUrlOf(publicUrl),
      isOurs: (text) => text.includes(REACHABLE),
      isRunning: () => webhookAnswers(webhookPort),
      fetch,
    });
  }
  return noAddressCheck(
    ngrok === undefined
      ? "none is set: replies are read from Twilio every 2 s while something waits"
      : "ngrok opens one when the server starts",
  );
}

/** Where Twilio posts, without the overrides behind `#`. */
function webhookUrlOf(publicUrl: string): string {
  const { origin, pathname } = new URL(publicUrl);
  return origin + pathname.replace(/\/+$/, "") + WEBHOOK_PATH;
}

/** What the store knows of a phone; nothing when there is no file yet, or it cannot be read: another check says so. */
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
