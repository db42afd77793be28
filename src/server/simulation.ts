// The phone of this machine: the platforms that it plays, and the page that shows them. Loaded where there is no account. Each key is
// made up for this run: nothing that is made with it counts in another, and nothing of another counts here.
import { randomBytes } from "node:crypto";
import { setMaxListeners } from "node:events";
import { join } from "node:path";
import type { MessageTemplate } from "../channels/twilio/templates/template.ts";
import type { PairedAccount } from "../config/channel-settings.ts";
import type { Config } from "../config/config.ts";
import type { Simulation } from "../config/simulation.ts";
import type { Clock } from "../core/ports/clock.ts";
import { channelOf, type PairedChannel, userOf } from "../domain/channel.ts";
import { COMPANION } from "../domain/companions.ts";
import type { PhoneApp } from "../simulator/phone/phone-app.ts";
import { portError } from "./listener.ts";
import { noPhoneLink } from "./no-phone-link.ts";
import type { PhoneLink, PhoneLinkDeps } from "./phone-link-contract.ts";

const DAY_MS = 24 * 60 * 60_000;

/** One that runs, and its app. */
interface SimulatedPlatform {
  readonly account: PairedAccount;
  readonly app: PhoneApp;
  close(): Promise<void>;
}

interface PlatformDeps {
  /** The platform's own ids of those who have the phone; at least one. */
  readonly users: readonly string[];
  readonly closing: AbortSignal;
  readonly clock: Clock;
}

/** A new one of each: its folder in `simulator/`, and its line here. */
const OPEN: Readonly<Record<PairedChannel, (deps: PlatformDeps) => Promise<SimulatedPlatform>>> = {
  async telegram({ users, closing, clock }) {
    const { createTelegramSimulator } = await import("../simulator/telegram/create-telegram.ts");
    const { createTelegramApp } = await import("../simulator/telegram/phone-app.ts");
    // A real token has its form.
    const token = `7000000000:${randomBytes(24).toString("base64url")}`;
    const numbers = users.map(Number);
    // The record has the ids of earlier runs: none of them may come again.
    const telegram = await createTelegramSimulator({
      token,
      users: numbers,
      now: clock.now,
      idsFrom: clock.now(),
    });
    return {
      account: { secret: token, baseUrl: telegram.url },
      app: createTelegramApp({ telegram, users: numbers, clock, closing }),
      close: telegram.stop,
    };
  },
  async "whatsapp-agent"({ users: [user = ""], clock }) {
    const { createAgentPlatform } = await import("../simulator/agent/create-agent-platform.ts");
    const { createAgentApp } = await import("../simulator/agent/phone-app.ts");
    const key = randomBytes(24).toString("base64url");
    const platform = await createAgentPlatform({ key, user, clock, idsFrom: clock.now() });
    return {
      account: { secret: key, baseUrl: platform.url },
      app: createAgentApp(platform, user),
      close: platform.close,
    };
  },
};

/** @throws ConfigError where the page's port is taken; nothing stays open */
export async function openSimulation(
  config: Config,
  simulation: Simulation,
  templates: readonly MessageTemplate[],
  deps: PhoneLinkDeps,
): Promise<PhoneLink> {
  const closing = new AbortController();
  // Every tap that waits listens.
  setMaxListeners(0, closing.signal);
  const platforms = new Map<PairedChannel, SimulatedPlatform>();
  const close = async () => {
    closing.abort(new Error("the simulated phone was closed"));
    await Promise.all([...platforms.values()].map((platform) => platform.close()));
  };
  try {
    for (const name of simulation.channels) {
      if (name === "whatsapp") continue;
      const users = config.people
        .flatMap(({ addresses }) => addresses)
        .filter((address) => channelOf(address) === name)
        .map(userOf);
      platforms.set(name, await OPEN[name]({ users, closing: closing.signal, clock: deps.clock }));
    }
    const pairedAccounts = new Map([...platforms].map(([name, { account }]) => [name, account]));
    const apps = (own?: PhoneApp): readonly PhoneApp[] =>
      simulation.channels.flatMap((name) => (name === "whatsapp" ? own : platforms.get(name)?.app) ?? []);
    const link = await openPage(config, simulation, templates, apps, pairedAccounts, deps);
    const ports = [...link.ports, ...[...pairedAccounts.values()].map(portOf)];
    return {
      ...link,
      ports,
      pairedAccounts: pairedAccounts.size === 0 ? undefined : pairedAccounts,
      async close() {
        await link.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openPage(
  { phone, approvers, databasePath, retentionDays }: Config,
  { port }: Simulation,
  templates: readonly MessageTemplate[],
  apps: (own?: PhoneApp) => readonly PhoneApp[],
  pairedAccounts: ReadonlyMap<PairedChannel, PairedAccount>,
  deps: PhoneLinkDeps,
): Promise<PhoneLink> {
  if (phone.kind === "simulator") {
    const chatKeptMs = retentionDays === 0 ? undefined : retentionDays * DAY_MS;
    const { openSimulated } = await import("./simulated-link.ts");
    const chat = { chatFile: databasePath + COMPANION.chat, chatKeptMs };
    return openSimulated({ ...phone, ...chat, apps }, approvers, templates, deps);
  }
  const { servePhonePage } = await import("../simulator/phone/page.ts");
  const pageDir = join(deps.root, "public", "phone");
  const page = await servePhonePage({ apps: apps(), pageDir }, port).catch((error: NodeJS.ErrnoException) => {
    throw error.syscall === "listen" ? portError("SIMULATOR_PORT", "127.0.0.1", port, error) : error;
  });
  const link = noPhoneLink({ pairedAccounts });
  return { ...link, ports: [portOf({ baseUrl: page.url })], simulator: page, close: page.close };
}

function portOf({ baseUrl = "" }: Pick<PairedAccount, "baseUrl">): number {
  return Number(new URL(baseUrl).port);
}
