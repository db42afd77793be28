// `npm run setup`: from nothing to the first approval on a real phone. Finds what is there, asks for the rest, has everything
// confirmed by the platform and by the phone, and only then writes .env. Run again, it repairs, or adds another channel.
import { readEnvFile } from "../../config/env-file.ts";
import { ConfigError } from "../../domain/errors.ts";
import { ownCommand } from "../../domain/own-command.ts";
import type { CommandContext, CommandInput } from "../command.ts";
import { EXIT } from "../exit.ts";
import type { Interviewer } from "./asker.ts";
import { createClackAsker } from "./clack-asker.ts";
import type { Draft } from "./draft.ts";
import { readFlags, type SetupFlags } from "./flags.ts";
import { goThrough } from "./go-through.ts";
import { missingAnswers } from "./missing.ts";
import { createRunProgram, type RunProgram } from "./programs.ts";
import { createScriptAsker } from "./script-asker.ts";
import { createTell } from "./tell.ts";
import type { Workshop } from "./workshop.ts";

/** What a test puts in place of the terminal and of this machine's programs. */
export interface SetupParts {
  readonly asker?: Interviewer | undefined;
  readonly run?: RunProgram | undefined;
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
  const finished = await goThrough(workshop, draft);
  if (flags.json) out(`${JSON.stringify(finished.result)}\n`);
  return finished.code;
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

function isTerminal(stream: object): boolean {
  return "isTTY" in stream && stream.isTTY === true;
}
