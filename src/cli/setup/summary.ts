// What will be written, before it is: each setting with its value, secrets as dots. Writes it, or says why it cannot.
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { dirname } from "node:path";
import { writeEnvFile } from "../../config/env-file.ts";
import { SECRET_NAMES } from "../../config/environment.ts";
import { CHANNEL_TITLES } from "../../domain/channel.ts";
import { SetupProblem } from "./asker.ts";
import { changesOf, type Draft, overruledNames } from "./draft.ts";
import { webhookChange } from "./sender-webhook.ts";
import { chosenChannel, type SetupProgress, type Workshop } from "./workshop.ts";

const SECRETS: ReadonlySet<string> = new Set(SECRET_NAMES);
const DOTS = "••••••••";

/** Lines such as `TWILIO_AUTH_TOKEN=••••••••`; none where nothing is to be written. */
export function summaryLines(draft: Draft): string[] {
  return Object.entries(changesOf(draft)).map(([name, value]) => {
    if (value === "") return `${name}=  (taken out)`;
    return `${name}=${SECRETS.has(name) ? DOTS : value}`;
  });
}

/** Shows it. @returns whether it is to be done */
export async function agreed(
  { asker, tell, home, flags }: Workshop,
  progress: SetupProgress,
): Promise<boolean> {
  const lines = summaryLines(progress.draft);
  const channel = chosenChannel(progress);
  const webhook = channel === "whatsapp" ? webhookChange(progress) : undefined;
  const { pairing } = progress;
  if (lines.length === 0) tell.good(`${home.envFile} says all of this already: nothing has to be written.`);
  else tell.box(`To be written into ${home.envFile}, for your eyes only`, lines);
  if (webhook !== undefined) tell.say(`At Twilio: ${webhook}.`);
  if (pairing?.kind === "proven") tell.say(`And bound in ${CHANNEL_TITLES[channel]}: ${pairing.chat.shown}.`);
  if (pairing?.kind === "later") {
    tell.say("Once it is written, those who may approve are asked about one more chat; then comes the test.");
    return asker.confirm({ message: "Is that right? It is written now.", initial: true });
  }
  if (lines.length === 0 && webhook === undefined && pairing?.kind !== "proven") return true;
  const isLater = flags.isTested && pairing?.kind !== "none";
  const later = isLater ? " It is written once the test is done." : "";
  return asker.confirm({ message: `Is that right?${later}`, initial: true });
}

/** @throws SetupProblem when it cannot be written; then nothing is */
export async function save({ tell, home }: Workshop, { draft }: SetupProgress): Promise<readonly string[]> {
  const changes = changesOf(draft);
  const names = Object.keys(changes);
  if (names.length === 0) return [];
  try {
    await writeEnvFile(home.envFile, changes);
  } catch (error) {
    throw unwritable(home.envFile, error);
  }
  tell.good(`The settings are in ${home.envFile}.`);
  const overruled = overruledNames(draft);
  if (overruled.length > 0) {
    tell.warn(
      `${overruled.join(", ")} ${overruled.length === 1 ? "is" : "are"} also set in the environment, which wins over .env: unset ${overruled.length === 1 ? "it" : "them"} there.`,
    );
  }
  return names;
}

/** Found out first: nobody is to answer everything for a file that cannot be written. @throws SetupProblem */
export async function mustBeWritable(envFile: string): Promise<void> {
  let folder = dirname(envFile);
  for (;;) {
    const problem = await access(folder, constants.W_OK).then(
      () => undefined,
      (error: NodeJS.ErrnoException) => error,
    );
    if (problem === undefined) break;
    if (problem.code !== "ENOENT" || dirname(folder) === folder) throw unwritable(envFile, problem);
    folder = dirname(folder);
  }
  await access(envFile, constants.R_OK | constants.W_OK).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw unwritable(envFile, error);
  });
}

function unwritable(envFile: string, error: unknown): SetupProblem {
  const why = error instanceof Error && "code" in error ? String(error.code) : "it failed";
  return new SetupProblem(
    `${envFile} cannot be written (${why}).`,
    "Make that file and its folder yours, or choose another folder with --dir or APPROVAL_HOME.",
  );
}
