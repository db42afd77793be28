// A whole server whose channels are made up, and the terminal that it may show a code on.
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { startServer } from "../../src/server/create-server.ts";
import type { ApprovalServer, ServerDeps } from "../../src/server/server-contract.ts";
import { createMadeUpChannel, type MadeUpChannel, openMadeUp } from "./made-up-channel.ts";
import "./late-parts.ts";
import { createKeptLog, type KeptLog } from "./silent-log.ts";
import { temporaryFolder } from "./temporary.ts";
import { parseTestConfig } from "./test-config.ts";

/** Built, so that no scanner takes it for a real one. */
export const BOT_TOKEN = ["123456789", "t".repeat(35)].join(":");
const AGENT_KEY = "k".repeat(40);
export const PAIRED_ENV = { TELEGRAM_BOT_TOKEN: BOT_TOKEN, WHATSAPP_AGENT_KEY: AGENT_KEY };

export interface PairedStage {
  readonly server: ApprovalServer;
  readonly telegram: MadeUpChannel;
  readonly agent: MadeUpChannel;
  readonly log: KeptLog;
  readonly databasePath: string;
  /** What the terminal shows. */
  readonly screen: string[];
  /** Shows a first code, as the server's own terminal does. @returns those that are shown, in lower case */
  begin(): string[];
  approving(): Promise<number>;
}

export interface PairedStageOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly deps?: Partial<ServerDeps>;
  readonly databasePath?: string;
}

/** Starts a server that is closed when the running test ends. */
export async function startPairedStage(options: PairedStageOptions = {}): Promise<PairedStage> {
  const { env = PAIRED_ENV, deps = {} } = options;
  const databasePath = options.databasePath ?? join(temporaryFolder(), "data", "approvals.db");
  const config = parseTestConfig({
    ...{ SERVER_PORT: "0", WEBHOOK_PORT: "0", SIMULATOR_PORT: "0", HOOK_GRACE_SECONDS: "0" },
    APPROVAL_DB: databasePath,
    ...env,
  });
  const now = deps.clock?.now;
  const telegram = createMadeUpChannel("telegram", now);
  const agent = createMadeUpChannel("whatsapp-agent", now);
  const log = createKeptLog();
  const server = await startServer(config, {
    ...{ log, version: "0.0.0-test", openChannel: openMadeUp(telegram, agent) },
    ...deps,
  });
  onTestFinished(() => server.close());
  const screen: string[] = [];
  return {
    ...{ server, telegram, agent, log, databasePath, screen },
    begin() {
      server.firstPairing.begin((text) => void screen.push(text));
      return codesIn(screen.join(""));
    },
    async approving() {
      const token = config.token === undefined ? {} : { authorization: `Bearer ${config.token}` };
      const response = await fetch(`${server.localUrl}/health`, { headers: token });
      const health = (await response.json()) as { channels: { approving: number }[] };
      return health.channels.reduce((sum, { approving }) => sum + approving, 0);
    },
  };
}

/** The codes that a terminal has shown, in lower case. */
export function codesIn(text: string): string[] {
  return [...text.matchAll(/minutes: ([A-Z]{5})\b/g)].map(([, code = ""]) => code.toLowerCase());
}

/** Another code of the same form. */
export function otherCode(code: string): string {
  return `${code.startsWith("a") ? "b" : "a"}${code.slice(1)}`;
}
