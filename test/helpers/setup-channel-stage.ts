// One run of setup against the simulated Telegram and the simulated Agent Platform: real HTTP, real files, the real gate; the person is
// scripted.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { runSetup } from "../../src/cli/setup/setup.ts";
import type { Config } from "../../src/config/config.ts";
import { parseConfig } from "../../src/config/config.ts";
import { readEnvFile } from "../../src/config/env-file.ts";
import { homeIn } from "../../src/config/home.ts";
import type { PairedChannel } from "../../src/domain/channel.ts";
import { startServer } from "../../src/server/create-server.ts";
import { systemClock } from "../../src/server/system.ts";
import { createAgentPlatform } from "../../src/simulator/agent/create-agent-platform.ts";
import { createTelegramSimulator } from "../../src/simulator/telegram/create-telegram.ts";
import { type EndedHere, runHere } from "./command-line.ts";
import "./late-parts.ts";
import { codesIn } from "./paired-stage.ts";
import { createPerson, type Person, type PersonPlan } from "./setup-stage.ts";
import { createKeptLog } from "./silent-log.ts";
import { temporaryFolder } from "./temporary.ts";

export const ADA = 70_000_001;
export const STRANGER = 70_000_002;
export const AGENT_USER = "user:111222333";
/** In two halves: no scanner takes them for real ones. */
export const BOT_TOKEN = ["7000000001", "AAtest".repeat(6)].join(":");
export const AGENT_KEY = `agent-key-of-a-test-${"x".repeat(16)}`;

export const SECRETS: Readonly<Record<PairedChannel, string>> = {
  telegram: BOT_TOKEN,
  "whatsapp-agent": AGENT_KEY,
};

export type SetupChannelStage = Awaited<ReturnType<typeof setSetupChannelStage>>;

export async function setSetupChannelStage({
  env = {},
}: {
  readonly env?: Readonly<Record<string, string>>;
} = {}) {
  const folder = temporaryFolder();
  const telegram = await createTelegramSimulator({ token: BOT_TOKEN, users: [ADA, STRANGER] });
  onTestFinished(() => telegram.stop());
  const agent = await createAgentPlatform({ key: AGENT_KEY, clock: systemClock, user: AGENT_USER });
  onTestFinished(() => agent.close());
  const envFile = join(folder, ".env");
  const variables = {
    ...{ TELEGRAM_BASE_URL: telegram.url, WHATSAPP_AGENT_BASE_URL: agent.url },
    ...{ SERVER_PORT: "0", WEBHOOK_PORT: "0", HOME: folder },
    ...env,
  };
  let shown = "";
  const stage = {
    ...{ folder, telegram, agent, envFile, databasePath: join(folder, "data", "approvals.db") },
    /** What .env holds; undefined when there is none. */
    written: () => (existsSync(envFile) ? readFileSync(envFile, "utf8") : undefined),
    /** What was said so far in this run. */
    shown: () => shown,
    /** The newest code that is shown, in lower case. */
    code: () => codesIn(shown.replace(/\s+/g, " ")).at(-1) ?? "none",
    /** Everybody who is bound according to `pair --list`. */
    async listed(): Promise<string> {
      return (await runHere(["pair", "--list"], { folder, env: variables })).out;
    },
    /** Starts what setup has set up, until the test ends. */
    async serve(more: Partial<Config> = {}) {
      const home = homeIn(folder);
      const config = { ...parseConfig(await readEnvFile(envFile), home), ...more };
      const log = createKeptLog();
      const server = await startServer(config, { log, version: "0.0.0-test", home });
      onTestFinished(() => server.close());
      return { server, log };
    },
    run(
      argv: readonly string[],
      { asker, ...context }: Parameters<typeof runHere>[1] & { readonly asker?: Person } = {},
    ): Promise<EndedHere> {
      shown = "";
      return runHere(["setup", ...argv], {
        folder,
        ...context,
        env: { ...variables, ...context.env },
        out: (text) => {
          shown += text;
        },
        instead: (input, inner) => runSetup(input, inner, { asker, run: async () => undefined }),
      }).then((ended) => ({ ...ended, out: shown }));
    },
  };
  return stage;
}

/** Writes the code when it is waited for, and answers the test. */
export function willing(
  stage: SetupChannelStage,
  channel: PairedChannel,
  plan: PersonPlan = {},
  word: "approve" | "deny" = "approve",
): Person {
  answerTests(stage, word);
  return createPerson({
    channel,
    answers: { "bot-token": [BOT_TOKEN], "agent-key": [AGENT_KEY] },
    choices: [[/Is that you/, true]],
    onWait: (line) => {
      if (line.includes("Waiting for the code")) writeCode(stage, channel);
    },
    ...plan,
  });
}

export function writeCode({ telegram, agent, code }: SetupChannelStage, channel: PairedChannel): void {
  if (channel === "telegram") telegram.write(code());
  else agent.write(code());
}

/** Answers every request that comes, on whichever channel. */
export function answerTests(
  { telegram, agent }: SetupChannelStage,
  word: "approve" | "deny" = "approve",
): void {
  const answered = new Set<string | number>();
  telegram.onChange(() => {
    const message = telegram.chat().find(({ id, keyboard }) => keyboard.length > 0 && !answered.has(id));
    const button = message?.keyboard.flat().find(({ callback_data }) => callback_data.startsWith(`${word}:`));
    if (message === undefined || button === undefined) return;
    answered.add(message.id);
    telegram.tap(message.id, button.callback_data);
  });
  agent.onChange(() => {
    const message = agent
      .chat()
      .find(({ id, by, text }) => by === "agent" && text.includes("Request ID") && !answered.has(id));
    if (message === undefined) return;
    answered.add(message.id);
    agent.write(word === "approve" ? "yes" : "no", { quote: message.id });
  });
}
