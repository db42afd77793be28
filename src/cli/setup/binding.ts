// Writes down whom a code has proven: in the database of the settings, which this process has until then, so that no server decides in
// between who may approve.
import { parseConfig } from "../../config/config.ts";
import { CHANNEL_TITLES } from "../../domain/channel.ts";
import { ConfigError } from "../../domain/errors.ts";
import { ownCommand } from "../../domain/own-command.ts";
import { openPairing } from "../../server/pairing-alone.ts";
import { silentLog } from "../silent-log.ts";
import { SetupProblem } from "./asker.ts";
import { settingsOf } from "./draft.ts";
import { pairedChannel, type SetupProgress, type Workshop } from "./workshop.ts";

export interface HeldDatabase {
  /** @throws SetupProblem where it cannot be written: then nobody is bound */
  bind(): Promise<void>;
  close(): Promise<void>;
}

/**
 * @returns undefined where nothing is to be written there
 * @throws SetupProblem where a server has the database, or somebody may approve by now: whose tap is wanted then
 */
export async function holdDatabase(
  { home, context, tell }: Workshop,
  progress: SetupProgress,
): Promise<HeldDatabase | undefined> {
  const { pairing, trial } = progress;
  if (trial === undefined) return undefined;
  const channel = pairedChannel(progress);
  const title = CHANNEL_TITLES[channel];
  const chat = pairing?.kind === "proven" ? pairing.chat : undefined;
  const config = parseConfig(settingsOf(progress.draft), home);
  const open = await openPairing(config, { home, clock: context.clock, log: silentLog }).catch(
    (error: unknown) => {
      if (!(error instanceof ConfigError)) throw error;
      // Where the channel was read to is a help, and no more.
      if (chat === undefined) return undefined;
      throw new SetupProblem("The chat cannot be bound:", error.problems.join("\n"));
    },
  );
  if (open === undefined) return undefined;
  if (chat !== undefined && open.people.approving().length > 0) {
    await open.close();
    throw new SetupProblem(
      "Somebody may approve by now, and was not asked about this chat.",
      "Run setup again: they are asked then.",
    );
  }
  return {
    async bind() {
      const readTo = trial.position();
      if (readTo !== undefined) await open.keepPosition(channel, readTo).catch(() => {});
      if (chat === undefined) return;
      if (!(await open.pairing.adopt(chat.address, chat.person)))
        throw new SetupProblem(
          "The chat could not be bound: the database took nothing.",
          `See ${ownCommand("doctor")}; then bind it with ${ownCommand(`pair ${channel}`)}.`,
        );
      tell.good(`${title}: ${chat.shown} may approve from now on.`);
    },
    close: () => open.close(),
  };
}
