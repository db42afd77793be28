// The server that a test request goes through: the real one, in this process, with the settings as they will be written, and a
// database of its own that is gone afterwards.
import { randomBytes } from "node:crypto";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TEMPLATE_CONFIG_FILE } from "../../channels/twilio/templates/template-config.ts";
import { type Config, parseConfig } from "../../config/config.ts";
import { homeIn, ownOrPackaged } from "../../config/home.ts";
import type { Log } from "../../core/ports/log.ts";
import type { ChannelName } from "../../domain/channel.ts";
import { ConfigError } from "../../domain/errors.ts";
import type { ClosedMode } from "../../domain/service-mode.ts";
import { startServer } from "../../server/create-server.ts";
import { sealSecrets } from "../../server/seal-secrets.ts";
import type { ApprovalServer } from "../../server/server-contract.ts";
import { packageVersion } from "../../server/system.ts";
import type { CommandContext } from "../command.ts";
import { type LocalAddress, localAddress } from "../local-client.ts";
import { settingsOf } from "./draft.ts";
import { takeStopped } from "./stopped-test.ts";
import { chosenChannel, type SetupProgress, type Workshop } from "./workshop.ts";

export interface TestServer {
  readonly address: LocalAddress;
  /** On which its requests come, in the order in which they are asked. */
  readonly channels: readonly ChannelName[];
  /** Whether it is setup's own: nobody but a person decides there. */
  readonly isOwn: boolean;
  /** What it logged as a warning or an error, newest last. */
  readonly troubles: () => readonly string[];
  /** @returns how a phone has stopped it, where that is for the server that is set up to know: this one keeps nothing */
  close(): Promise<ClosedMode | undefined>;
}

/** @throws ConfigError when it cannot start */
export async function startTestServer(
  { context, home }: Pick<Workshop, "context" | "home">,
  progress: SetupProgress,
  timeoutMs: number,
): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), "approval-setup-"));
  const remove = () => rm(folder, { recursive: true, force: true });
  const troubles: string[] = [];
  // Nobody else may ask through it while it is there.
  const token = randomBytes(24).toString("hex");
  const config: Config = {
    ...(progress.trial?.config ?? parseConfig(settingsOf(progress.draft), home)),
    host: "127.0.0.1",
    serverPort: 0,
    token,
    namedTokens: new Map(),
    databasePath: progress.trial?.config.databasePath ?? join(folder, "test.db"),
    policyPath: undefined,
    gatewayPath: undefined,
    doneMessages: false,
    continueMs: 0,
    timeoutMs,
  };
  try {
    // A home without policy.json: only a person may decide the test. The templates are those of the settings' own home.
    const own = ownOrPackaged(home, context.root, TEMPLATE_CONFIG_FILE);
    await copyFile(own, join(folder, TEMPLATE_CONFIG_FILE));
    const server = await start(config, { clock: context.clock, home: homeIn(folder) }, progress, troubles);
    const { headers } = localAddress({ ...config, token });
    return {
      address: { url: server.localUrl, headers },
      channels: [chosenChannel(progress)],
      isOwn: true,
      troubles: () => troubles,
      close: async () => {
        await server.close();
        try {
          return await takeStopped(config.databasePath, sealSecrets(config), context);
        } finally {
          await remove();
        }
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function start(
  config: Config,
  { clock, home }: Pick<CommandContext, "clock" | "home">,
  { contentSids }: SetupProgress,
  troubles: string[],
): Promise<ApprovalServer> {
  const deps = { log: noting(troubles), version: packageVersion(), clock, home, contentSids };
  try {
    return await startServer(config, deps);
  } catch (error) {
    // A server that runs already has the port of the webhook. Where none is needed, any port will do.
    const isTaken =
      error instanceof ConfigError && error.problems.some((each) => each.startsWith("WEBHOOK_PORT"));
    const needsPort =
      config.phone.kind === "twilio" && (config.phone.twilio.publicUrl ?? config.phone.twilio.ngrok);
    if (!isTaken || needsPort) throw error;
    return startServer({ ...config, webhookPort: 0 }, deps);
  }
}

function noting(troubles: string[]): Log {
  const note = (_fields: object, message: string) => void troubles.push(message);
  const pass = () => {};
  return { debug: pass, info: pass, refused: note, warn: note, error: note };
}
