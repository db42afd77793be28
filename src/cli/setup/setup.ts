// `npm run setup`: from nothing to the first approval on a real phone. Finds what is there, asks for the rest, has everything
// confirmed by Twilio and by the phone, and only then writes .env. Run again, it repairs.
import { readFile } from "node:fs/promises";
import { readEnvFile } from "../../config/env-file.ts";
import { settingFindingText } from "../../config/setting-findings.ts";
import { findingsInFile } from "../../config/setting-names.ts";
import { ConfigError } from "../../domain/errors.ts";
import { ownCommand } from "../../domain/own-command.ts";
import type { CommandContext, CommandInput } from "../command.ts";
import { ASK_EXIT, EXIT } from "../exit.ts";
import { accountStep } from "./account-step.ts";
import { addressStep } from "./address-step.ts";
import { type Interviewer, SetupCancelled, SetupProblem } from "./asker.ts";
import { createClackAsker } from "./clack-asker.ts";
import type { Draft } from "./draft.ts";
import { missingAnswers, readFlags, type SetupFlags } from "./flags.ts";
import { joinStep } from "./join-step.ts";
import type { Offered } from "./offer.ts";
import { makeOffers } from "./offers.ts";
import { phoneStep } from "./phone-step.ts";
import { createRunProgram, type RunProgram } from "./programs.ts";
import { type Proven, prove } from "./proof.ts";
import { isServerRunning } from "./running-server.ts";
import { createScriptAsker } from "./script-asker.ts";
import { senderStep } from "./sender-step.ts";
import { agreed, mustBeWritable, save } from "./summary.ts";
import { createTell } from "./tell.ts";
import { templatesStep } from "./templates-step.ts";
import type { SetupProgress, SetupStep, Workshop } from "./workshop.ts";

/** What comes before anything is written, in this order. */
const STEPS: readonly SetupStep[] = [
  accountStep,
  senderStep,
  phoneStep,
  addressStep,
  templatesStep,
  joinStep,
];

/** What a test puts in place of the terminal and of this machine's programs. */
export interface SetupParts {
  readonly asker?: Interviewer | undefined;
  readonly run?: RunProgram | undefined;
}

/** What a program may read of it. */
interface SetupResult {
  readonly ok: boolean;
  readonly envFile: string;
  /** Names of the settings that were written. */
  readonly written: readonly string[];
  /** Absent where no test was made. */
  readonly test?: Proven | undefined;
  readonly offers?: Readonly<Record<string, Offered>> | undefined;
  readonly problem?: string | undefined;
}

export const setup = (input: CommandInput, context: CommandContext) => runSetup(input, context);

/** @returns the exit code */
export async function runSetup(
  input: CommandInput,
  context: CommandContext,
  parts: SetupParts = {},
): Promise<number> {
  const flags = await readFlags(input, context);
  const { home, out, err } = context;
  // What a program reads must not be among what a person reads.
  const shown = flags.json
    ? { ...context, out: err, colours: { ...context.colours, out: context.colours.err } }
    : context;
  const canAsk =
    parts.asker !== undefined ||
    (!flags.yes && !flags.json && isTerminal(context.stdin) && isTerminal(context.stdout));
  const tell = createTell(shown, canAsk && parts.asker === undefined);
  const draft: Draft = { file: await readFileSettings(home.envFile), env: context.env, answers: {} };
  const missing = missingAnswers(draft, flags);
  if (!canAsk && (!flags.yes || missing.length > 0)) return explainScript(flags, missing, err);
  const asker =
    parts.asker ??
    (canAsk ? createClackAsker(context) : createScriptAsker(context, (line) => tell.say(line)));
  const run = parts.run ?? createRunProgram(context.env, context.folder);
  const workshop: Workshop = { asker, tell, flags, context, home, run };
  const finished = await finish(workshop, draft);
  if (flags.json) out(`${JSON.stringify(finished.result)}\n`);
  return finished.code;
}

async function finish(
  workshop: Workshop,
  draft: Draft,
): Promise<{ readonly code: number; readonly result: SetupResult }> {
  const { tell, home } = workshop;
  const { envFile } = home;
  let written: readonly string[] | undefined;
  const failed = { ok: false, envFile } as const;
  try {
    tell.step(`Approvals on your phone. Settings: ${envFile}`);
    await mustBeWritable(envFile);
    for (const finding of await findings(envFile)) tell.warn(`${finding}.`);
    let progress: SetupProgress = { draft };
    for (const step of STEPS) progress = await step.run(workshop, progress);
    if (!(await agreed(workshop, progress))) throw new SetupCancelled();
    const test = workshop.flags.isTested ? await prove(workshop, progress) : undefined;
    written = await save(workshop, progress);
    const offers = await makeOffers(workshop, progress);
    await end(workshop, progress, { written, test });
    return { code: EXIT.ok, result: { ok: true, envFile, written, test, offers } };
  } catch (error) {
    const rest = { written: written ?? [] };
    if (error instanceof SetupCancelled || workshop.context.signal.aborted) {
      tell.warn(stoppedText(envFile, written));
      return { code: ASK_EXIT.interrupted, result: { ...failed, ...rest, problem: "stopped" } };
    }
    const problem = problemOf(error);
    if (problem === undefined) throw error;
    tell.bad(`${problem.message}\n${problem.advice}`);
    tell.say(written === undefined ? nothingWritten(envFile) : `The settings in ${envFile} are written.`);
    return { code: EXIT.failed, result: { ...failed, ...rest, problem: problem.message } };
  }
}

function problemOf(error: unknown): SetupProblem | undefined {
  if (error instanceof SetupProblem) return error;
  if (error instanceof ConfigError) {
    return new SetupProblem("The settings do not fit together:", error.problems.join("\n"));
  }
  return undefined;
}

function stoppedText(envFile: string, written: readonly string[] | undefined): string {
  return written === undefined || written.length === 0
    ? `Stopped. ${nothingWritten(envFile)}`
    : `Stopped. The settings are in ${envFile} already; what was still open is left out. ${ownCommand("setup")} goes on from there.`;
}

function nothingWritten(envFile: string): string {
  return `Nothing was written: ${envFile} is as it was.`;
}

async function end(
  workshop: Workshop,
  progress: SetupProgress,
  { written, test }: { readonly written: readonly string[]; readonly test: Proven | undefined },
): Promise<void> {
  const { tell } = workshop;
  const isRunning = await isServerRunning(workshop, progress);
  if (isRunning && written.length > 0)
    tell.warn("A server is running with the settings from before: start it again.");
  const next = isRunning
    ? ""
    : ` Start the server, it prints how to run Claude Code with it: ${ownCommand("start")}`;
  if (test === undefined) tell.good(`Done, without a test.${next}`);
  else if (test === "undone")
    tell.warn(`Written, but no tap has come back yet: ${ownCommand("doctor")} tells what is wrong.${next}`);
  else {
    const tapped = test.outcome === "approved" ? "Approve" : "Deny";
    tell.good(`Done: you tapped ${tapped} ${test.seconds} s after it was asked.${next}`);
  }
}

/** Nobody can be asked: what a script must say, in words. */
function explainScript(flags: SetupFlags, missing: readonly string[], err: (text: string) => void): number {
  const lines = [
    ...(flags.yes
      ? []
      : [
          "setup asks questions, and this is not a terminal. Add --yes to take the default of everything that is not given.",
        ]),
    ...(missing.length === 0 ? [] : ["Still missing:", ...missing.map((each) => `  ${each}`)]),
    `All flags: ${ownCommand("setup --help")}`,
  ];
  err(`${lines.join("\n")}\n`);
  return EXIT.usage;
}

async function readFileSettings(envFile: string): Promise<Draft["file"]> {
  try {
    return await readEnvFile(envFile);
  } catch (error) {
    throw new ConfigError([
      `${envFile} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    ]);
  }
}

/** Misspelt settings and the like: what they were to set would be asked for in vain. */
async function findings(envFile: string): Promise<string[]> {
  const text = await readFile(envFile, "utf8").catch(() => "");
  return findingsInFile(text).map((finding) => settingFindingText(finding, envFile));
}

function isTerminal(stream: object): boolean {
  return "isTTY" in stream && stream.isTTY === true;
}
