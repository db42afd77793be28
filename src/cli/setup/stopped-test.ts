// PANIC or PAUSE, written while setup's own server makes the test: only that one has heard it, and the channel does not tell it twice. It
// is meant for the server that is set up, and goes into its database with the settings; until then it is said where it stands.
import { resolve } from "node:path";
import { parseConfig } from "../../config/config.ts";
import { ConfigError } from "../../domain/errors.ts";
import { ownCommand } from "../../domain/own-command.ts";
import { type ClosedMode, modeAt } from "../../domain/service-mode.ts";
import { sealSecrets } from "../../server/seal-secrets.ts";
import { createSqliteStore } from "../../store/sqlite.ts";
import type { CommandContext } from "../command.ts";
import { SetupProblem } from "./asker.ts";
import { settingsOf } from "./draft.ts";
import type { SetupProgress, Workshop } from "./workshop.ts";

/** What a test's database says of it: the next test begins without. @returns undefined where nothing was stopped */
export async function takeStopped(
  path: string,
  secrets: readonly string[],
  { clock }: Pick<CommandContext, "clock">,
): Promise<ClosedMode | undefined> {
  const store = createSqliteStore(path, { isServer: true, secrets, now: clock.now });
  try {
    const mode = modeAt(await store.serviceMode(), clock.now());
    if (mode.kind === "open") return undefined;
    await store.setServiceMode({ kind: "open" });
    return mode;
  } finally {
    await store.close();
  }
}

/** The stricter of two; of two pauses the later one. */
export function stricter(one: ClosedMode | undefined, other: ClosedMode | undefined): ClosedMode | undefined {
  return one?.kind === "panic" ? one : (other ?? one);
}

export function stoppedProblem(mode: ClosedMode): SetupProblem {
  return new SetupProblem(
    `${wordOf(mode)} was written on the phone while the test ran, and only the test has heard it so far.`,
    `Once the settings are written it holds for the server, too. Where they are not, write it again to the server that is to stop.`,
  );
}

/** Says that the settings were not written, and so nothing was stopped. */
export function sayUnheard({ tell }: Pick<Workshop, "tell">, mode: ClosedMode): void {
  tell.bad(
    `${wordOf(mode)} of the phone was heard by the test alone, and is written down nowhere. Write it again to the server that is to stop.`,
  );
}

/** Writes it into the database of the settings, which are written by now. Never rejects: what cannot be is said. */
export async function keepStopped(
  { tell, home, context }: Pick<Workshop, "tell" | "home" | "context">,
  { draft }: SetupProgress,
  mode: ClosedMode,
): Promise<void> {
  const word = wordOf(mode);
  try {
    const config = parseConfig(settingsOf(draft), home);
    const path = resolve(home.folder, config.databasePath);
    const secrets = sealSecrets(config);
    const store = createSqliteStore(path, { isServer: true, secrets, now: context.clock.now });
    try {
      const kept = stricter(closedOf(await store.serviceMode()), mode) ?? mode;
      await store.setServiceMode(kept);
    } finally {
      await store.close();
    }
    const end = mode.kind === "panic" ? `${ownCommand("resume")} ends it` : "RESUME ends it";
    tell.warn(`${word} of the phone holds for the server from its start on: ${end}.`);
  } catch (error) {
    const why = error instanceof ConfigError ? error.problems.join(" ") : "Its database took nothing.";
    tell.bad(
      `${word} of the phone was heard by the test alone: the server does not know it. ${why} Write it again to the server.`,
    );
  }
}

function closedOf(mode: Awaited<ReturnType<ReturnType<typeof createSqliteStore>["serviceMode"]>>) {
  return mode.kind === "open" ? undefined : mode;
}

function wordOf({ kind }: ClosedMode): string {
  return kind === "panic" ? "PANIC" : "PAUSE";
}
