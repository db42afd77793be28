// The last word of setup: what was shown to work, and what comes next.
import { CHANNEL_TITLES } from "../../domain/channel.ts";
import { ownCommand } from "../../domain/own-command.ts";
import type { Proven } from "./proof.ts";
import { isServerRunning } from "./running-server.ts";
import { chosenChannel, type SetupProgress, type Workshop } from "./workshop.ts";

export async function sayEnd(
  workshop: Workshop,
  progress: SetupProgress,
  { written, test }: { readonly written: readonly string[]; readonly test: Proven | undefined },
): Promise<void> {
  const { tell } = workshop;
  const channel = chosenChannel(progress);
  const isRunning = await isServerRunning(workshop, progress);
  // One that has bound a chat since has the new ones.
  if (isRunning && written.length > 0 && progress.pairing?.kind !== "later")
    tell.warn("A server is running with the settings from before: start it again.");
  const next = isRunning
    ? ""
    : ` Start the server, which prints how to run Claude Code with it: ${ownCommand("start")}`;
  if (progress.pairing?.kind === "none")
    tell.warn(
      `Written, but nobody is bound in ${CHANNEL_TITLES[channel]} yet: ${ownCommand(`pair ${channel}`)}`,
    );
  else if (test === undefined) tell.good(`Done, without a test.${next}`);
  else if (test === "undone")
    tell.warn(`Written, but no tap has come back yet: ${ownCommand("doctor")} tells what is wrong.${next}`);
  else {
    tell.good(`Done: ${lowered(test.answered)} ${test.seconds} s after it was asked.${next}`);
  }
}

function lowered(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
