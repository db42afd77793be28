// Setup from its first question to its last word: the steps, the agreement, the test, what is written, the offers. Until it says that
// something was written, nothing was.
import { readFile } from "node:fs/promises";
import { readEnvFile } from "../../config/env-file.ts";
import { settingFindingText } from "../../config/setting-findings.ts";
import { findingsInFile } from "../../config/setting-names.ts";
import { ConfigError } from "../../domain/errors.ts";
import { ownCommand } from "../../domain/own-command.ts";
import type { ClosedMode } from "../../domain/service-mode.ts";
import { ASK_EXIT, EXIT } from "../exit.ts";
import { SetupCancelled, SetupProblem } from "./asker.ts";
import { holdDatabase } from "./binding.ts";
import type { Draft } from "./draft.ts";
import { sayEnd } from "./end.ts";
import { laterChat } from "./later-chat.ts";
import type { Offered } from "./offer.ts";
import { makeOffers } from "./offers.ts";
import { prove, type ShownProven, shownProven } from "./proof.ts";
import { takeSteps } from "./steps.ts";
import { keepStopped, sayUnheard, stricter } from "./stopped-test.ts";
import { agreed, mustBeWritable, save } from "./summary.ts";
import { chosenChannel, type SetupProgress, type Workshop } from "./workshop.ts";

/** What a program may read of it. */
interface SetupResult {
  readonly ok: boolean;
  readonly envFile: string;
  /** The way to the phone that was chosen. */
  readonly channel?: string | undefined;
  /** Names of the settings that were written. */
  readonly written: readonly string[];
  /** Absent where no test was made. */
  readonly test?: ShownProven | undefined;
  readonly offers?: Readonly<Record<string, Offered>> | undefined;
  readonly problem?: string | undefined;
}

export async function goThrough(
  workshop: Workshop,
  draft: Draft,
): Promise<{ readonly code: number; readonly result: SetupResult }> {
  const { tell, home, flags } = workshop;
  const { envFile } = home;
  let written: readonly string[] | undefined;
  let isBound = false;
  const onBound = () => {
    isBound = true;
  };
  let progress: SetupProgress = { draft };
  let stopped: ClosedMode | undefined;
  const onStopped = (mode: ClosedMode) => {
    stopped = stricter(stopped, mode);
  };
  const keep = async () => {
    if (stopped !== undefined) await keepStopped(workshop, progress, stopped);
    stopped = undefined;
  };
  const failed = { ok: false, envFile } as const;
  try {
    tell.step(`Approvals on your phone. Settings: ${envFile}`);
    await mustBeWritable(envFile);
    for (const finding of await findings(envFile)) tell.warn(`${finding}.`);
    progress = await takeSteps(workshop, progress, (next) => {
      progress = next;
    });
    if (!(await agreed(workshop, progress))) throw new SetupCancelled();
    const { pairing } = progress;
    const when = pairing?.kind;
    let test =
      flags.isTested && when !== "later" && when !== "none"
        ? await prove(workshop, progress, onStopped)
        : undefined;
    const onWritten = (names: readonly string[]) => {
      written = names;
    };
    written = await write(workshop, progress, { onWritten, onBound });
    await keep();
    if (pairing?.kind === "later") {
      progress = { ...progress, draft: { ...progress.draft, file: await readEnvFile(envFile) } };
      await laterChat(workshop, progress, { person: pairing.person, onBound });
      try {
        test = await prove(workshop, progress, onStopped);
      } finally {
        await keep();
      }
    }
    const offers = await makeOffers(workshop, progress);
    await sayEnd(workshop, progress, { written, test });
    const channel = chosenChannel(progress);
    const result = { ok: true, envFile, channel, written, test: shownProven(test), offers };
    return { code: EXIT.ok, result };
  } catch (error) {
    const rest = { channel: progress.channel, written: written ?? [] };
    if (error instanceof SetupCancelled || workshop.context.signal.aborted) {
      const isWritten = isBound || (written !== undefined && written.length > 0);
      tell.warn(isWritten ? halfDone(envFile) : `Stopped. ${nothingWritten(envFile)}`);
      return { code: ASK_EXIT.interrupted, result: { ...failed, ...rest, problem: "stopped" } };
    }
    const problem = problemOf(error);
    if (problem === undefined) throw error;
    tell.bad(`${problem.message}\n${problem.advice}`);
    tell.say(written === undefined ? nothingWritten(envFile) : `The settings in ${envFile} are written.`);
    return { code: EXIT.failed, result: { ...failed, ...rest, problem: problem.message } };
  } finally {
    if (stopped !== undefined) sayUnheard(workshop, stopped);
    await progress.trial?.remove();
  }
}

interface WriteNews {
  /** Told of the settings before anybody is bound: that may fail after it. */
  readonly onWritten: (names: readonly string[]) => void;
  readonly onBound: () => void;
}

/** The settings, and who is bound. */
async function write(
  workshop: Workshop,
  progress: SetupProgress,
  { onWritten, onBound }: WriteNews,
): Promise<readonly string[]> {
  const held = await holdDatabase(workshop, progress);
  try {
    const names = await save(workshop, progress);
    onWritten(names);
    await held?.bind();
    if (progress.pairing?.kind === "proven") onBound();
    return names;
  } finally {
    await held?.close();
  }
}

function problemOf(error: unknown): SetupProblem | undefined {
  if (error instanceof SetupProblem) return error;
  if (error instanceof ConfigError) {
    return new SetupProblem("The settings do not fit together:", error.problems.join("\n"));
  }
  return undefined;
}

function halfDone(envFile: string): string {
  return `Stopped. The settings are in ${envFile} already; what was still open is left out. ${ownCommand("setup")} goes on from there.`;
}

function nothingWritten(envFile: string): string {
  return `Nothing was written: ${envFile} is as it was.`;
}

/** Misspelt settings and the like: what they were to set would be asked for in vain. */
async function findings(envFile: string): Promise<string[]> {
  const text = await readFile(envFile, "utf8").catch(() => "");
  return findingsInFile(text).map((finding) => settingFindingText(finding, envFile));
}
