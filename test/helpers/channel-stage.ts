// The whole server with other channels than Twilio's, each at a simulated platform on loopback, somebody bound to each.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { channelList } from "../../src/config/channel-values.ts";
import { parseConfig } from "../../src/config/config.ts";
import { openBindings } from "../../src/core/bindings.ts";
import { createPeople } from "../../src/core/people.ts";
import { CHANNELS } from "../../src/domain/channel.ts";
import type { Phone } from "../../src/domain/tool-call.ts";
import { readApproversFile } from "../../src/server/approvers/with-approvers.ts";
import { startServer } from "../../src/server/create-server.ts";
import type { ApprovalServer } from "../../src/server/server-contract.ts";
import { systemClock } from "../../src/server/system.ts";
import type { AgentPlatform } from "../../src/simulator/agent/contract.ts";
import { createAgentPlatform } from "../../src/simulator/agent/create-agent-platform.ts";
import type { TelegramSimulator } from "../../src/simulator/telegram/contract.ts";
import { createTelegramSimulator } from "../../src/simulator/telegram/create-telegram.ts";
import { createSqliteStore } from "../../src/store/sqlite.ts";
import { createTestTwilio, type TestTwilio } from "../twilio/create-test-twilio.ts";
import "./late-parts.ts";
import { createKeptLog, type KeptLog } from "./silent-log.ts";
import { temporaryFolder } from "./temporary.ts";

const USER = 70_000_001;
export const STRANGER = 70_000_002;
const AGENT_USER = "user:111222333";
// In two halves: no scanner takes them for real ones.
export const BOT_TOKEN = `7000000001:${"AAtest".repeat(6)}`;
const AGENT_KEY = `agent-key-of-a-test-${"x".repeat(16)}`;

export const TELEGRAM = `telegram:${USER}` as Phone;
export const AGENT = `whatsapp-agent:${AGENT_USER}` as Phone;

export interface ChannelStage {
  readonly server: ApprovalServer;
  readonly telegram: TelegramSimulator;
  readonly agent: AgentPlatform;
  /** Twilio's phone; where it is not used, asking for it throws. */
  readonly phone: () => TestTwilio;
  readonly log: KeptLog;
  readonly databasePath: string;
}

export interface ChannelStageOptions {
  /** In their order. */
  readonly channels: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Whose address each is. Default: one person's. */
  readonly bound?: Readonly<Record<string, string>>;
  /** The people of the file that `APPROVERS` names. Default: there is none. */
  readonly people?: readonly object[];
  /** What that file says by the time of the start. Default: the same. */
  readonly rewritten?: readonly object[];
}

export async function startChannelStage({
  channels,
  env = {},
  bound = { [TELEGRAM]: "ada", [AGENT]: "ada" },
  people: named,
  rewritten = named,
}: ChannelStageOptions): Promise<ChannelStage> {
  const databasePath = join(temporaryFolder(), "approvals.db");
  const telegram = await createTelegramSimulator({ token: BOT_TOKEN, users: [USER, STRANGER] });
  onTestFinished(() => telegram.stop());
  const agent = await createAgentPlatform({ key: AGENT_KEY, clock: systemClock, user: AGENT_USER });
  onTestFinished(() => agent.close());
  const secrets: Readonly<Record<string, string>> = { telegram: BOT_TOKEN, "whatsapp-agent": AGENT_KEY };
  const log = createKeptLog();
  const store = createSqliteStore(databasePath);
  const approversPath = join(temporaryFolder(), "approvers.json");
  if (named !== undefined) writeFileSync(approversPath, JSON.stringify({ version: 1, people: named }));
  const file = named === undefined ? undefined : readApproversFile(approversPath, { channels: CHANNELS });
  if (file?.ok === false) throw new Error(file.problems.join("; "));
  const people = createPeople({ people: file?.people ?? [], channels: CHANNELS });
  const secretOf = (channel: string) => secrets[channel];
  const bindings = await openBindings({ people, store, secretOf, clock: systemClock, log });
  for (const [address, person] of Object.entries(bound)) await bindings.bind(address as Phone, person);
  await store.close();
  if (named !== undefined) writeFileSync(approversPath, JSON.stringify({ version: 1, people: rewritten }));
  const ports = { SERVER_PORT: "0", WEBHOOK_PORT: "0", SIMULATOR_PORT: "0", HOOK_GRACE_SECONDS: "0" };
  const names = channelList.parse(channels);
  const paired = parseConfig({
    ...{ ...ports, APPROVAL_DB: databasePath, CHANNELS: names.filter((name) => name !== "whatsapp").join() },
    ...{ TELEGRAM_BOT_TOKEN: BOT_TOKEN, TELEGRAM_BASE_URL: telegram.url },
    ...{ WHATSAPP_AGENT_KEY: AGENT_KEY, WHATSAPP_AGENT_BASE_URL: agent.url },
    ...(named === undefined ? {} : { APPROVERS: approversPath }),
    ...env,
  });
  // No setting puts a simulated phone beside real accounts: here it stands for Twilio's real one.
  const { phone: twilio, simulation, approvers, people: numbers } = parseConfig({ ...ports, ...env });
  const config = names.includes("whatsapp")
    ? { ...paired, channels: names, phone: twilio, simulation, approvers, people: numbers }
    : paired;
  const opened: TestTwilio[] = [];
  const openSimulator: typeof createTestTwilio = async (options) => {
    const twilio = await createTestTwilio(options);
    opened.push(twilio);
    return twilio;
  };
  const server = await startServer(config, { log, version: "0.0.0-test", openSimulator });
  onTestFinished(() => server.close());
  const phone = () => {
    const [twilio] = opened;
    if (twilio === undefined) throw new Error("Twilio's phone is not used here");
    return twilio;
  };
  return { server, telegram, agent, phone, log, databasePath };
}
