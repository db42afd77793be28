// Where a channel is tried out before anything is written: a database of its own in a folder that is gone afterwards, with those who are
// bound to the channel already.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Config, parseConfig } from "../../config/config.ts";
import { type Home, homeIn } from "../../config/home.ts";
import { channelOf } from "../../domain/channel.ts";
import { sealSecrets } from "../../server/seal-secrets.ts";
import { readBindings, readChannelPosition } from "../../store/examine.ts";
import { createSqliteStore } from "../../store/sqlite.ts";
import { settingsOf } from "./draft.ts";
import { pairedChannel, type SetupProgress, type Workshop } from "./workshop.ts";

export interface Trial {
  readonly home: Home;
  /** The settings as they will be written, with the one channel alone. */
  readonly config: Config;
  /** Where the channel was read to in here; undefined where nothing was read. */
  position(): string | undefined;
  remove(): Promise<void>;
}

/**
 * @param from where an earlier trial has read to
 * @throws ConfigError where the settings do not fit together, or the real database cannot be read
 */
export async function openTrial(
  { home, context }: Pick<Workshop, "home" | "context">,
  progress: SetupProgress,
  from?: string | undefined,
): Promise<Trial> {
  const channel = pairedChannel(progress);
  const real = parseConfig(settingsOf(progress.draft), home);
  const rows = readBindings(real.databasePath).filter(({ address }) => channelOf(address) === channel);
  const position = from ?? readChannelPosition(real.databasePath, channel);
  const folder = await mkdtemp(join(tmpdir(), "approval-setup-"));
  const remove = () => rm(folder, { recursive: true, force: true });
  const databasePath = join(folder, "trial.db");
  const config: Config = {
    ...real,
    ...{ channels: [channel], phone: { kind: "none" }, approvers: [], databasePath },
  };
  try {
    const store = createSqliteStore(databasePath, {
      isServer: true,
      secrets: sealSecrets(config),
      now: context.clock.now,
    });
    try {
      for (const row of rows) await store.keepBinding(row);
      if (position !== undefined) await store.keepChannelPosition(channel, position);
    } finally {
      await store.close();
    }
  } catch (error) {
    await remove();
    throw error;
  }
  return { home: homeIn(folder), config, position: () => readChannelPosition(databasePath, channel), remove };
}
