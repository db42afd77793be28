// One more chat, where somebody may approve already: the server asks them, and opens the code after a tap. So it comes after the settings
// are written, through the server that runs with them, by the same rules as `pair`.
import { parseConfig } from "../../config/config.ts";
import { endText } from "../../core/pairing-words.ts";
import { pause } from "../../core/timing.ts";
import { CHANNEL_TITLES, channelOf, type PairedChannel, userOf } from "../../domain/channel.ts";
import { ownCommand } from "../../domain/own-command.ts";
import type { Phone } from "../../domain/tool-call.ts";
import { callServer, ServerError } from "../local-client.ts";
import { readPeople } from "../pair/known.ts";
import { pairOnline } from "../pair/online.ts";
import { SetupProblem } from "./asker.ts";
import { settingsOf } from "./draft.ts";
import { accessOf } from "./key-step.ts";
import { PLATFORMS } from "./platforms.ts";
import { channelsHeard } from "./running-server.ts";
import { shownChat } from "./shown-chat.ts";
import { pairedChannel, type SetupProgress, type Workshop } from "./workshop.ts";

const LOOK_EVERY_MS = 1_000;

/**
 * @param person whose chat it will be
 * @param onBound told as soon as somebody is bound, whatever comes after it
 * @throws SetupProblem where nobody was bound, or somebody who is not who is here
 */
export async function laterChat(
  workshop: Workshop,
  progress: SetupProgress,
  { person, onBound }: { readonly person: string; readonly onBound: () => void },
): Promise<void> {
  const { tell, asker, context, home } = workshop;
  const channel = pairedChannel(progress);
  tell.step("The chat that approves");
  await serverIsThere(workshop, progress, channel);
  const config = parseConfig(settingsOf(progress.draft), home);
  const before = await boundOn(workshop, progress, channel);
  const wanted = { channel, person, screen: { say: (line: string) => tell.say(line) } };
  const end = await callServer(() => pairOnline(config, wanted, context)).catch((error: unknown) => {
    if (!(error instanceof ServerError)) throw error;
    throw new SetupProblem(`Nobody was bound. ${error.message}`, error.advice ?? again(channel));
  });
  if (end !== "bound") throw new SetupProblem(endText(channel, end), again(channel));
  onBound();
  const after = await boundOn(workshop, progress, channel);
  const added = after.filter((each) => !before.includes(each));
  if (added.length === 0)
    throw new SetupProblem(
      "The server says that the code was used, but its database has no new chat.",
      "Another server may run with the same port: see APPROVAL_DB and SERVER_PORT.",
    );
  const platform = PLATFORMS[channel];
  const access = accessOf(workshop, platform, progress.draft);
  for (const address of added) {
    const name = await platform.nameOf(access, userOf(address)).catch(() => undefined);
    tell.good(`Bound from now on: ${shownChat(address, name)}.`);
  }
  if (!asker.isPerson || (await asker.confirm({ message: "Was that you?", initial: false }))) return;
  throw new SetupProblem(
    "A chat that is not yours may approve now.",
    "Write PANIC from a chat of yours at once, and take the binding away: docs/pairing.md, Losing a chat.",
  );
}

/** Waits until the server runs with the new settings. @throws SetupProblem where it does not, in time */
async function serverIsThere(
  workshop: Workshop,
  progress: SetupProgress,
  channel: PairedChannel,
): Promise<void> {
  const { asker, tell, context, flags } = workshop;
  const { clock } = context;
  const isThere = async () => (await channelsHeard(workshop, progress)).includes(channel);
  if (await isThere()) return;
  const problem = `The settings are written, but nobody is bound in ${CHANNEL_TITLES[channel]} yet: no server runs with them.`;
  const advice = `Start it, or start it again: ${ownCommand("start")}. ${again(channel)}`;
  if (!asker.isPerson) throw new SetupProblem(problem, advice);
  tell.say(
    `Now start the server in another terminal: ${ownCommand("start")}. If it runs already, stop it and start it again: it knows the new settings then.`,
  );
  const waited = await asker.wait({
    limitMs: flags.waitMs,
    line: (left) => `${left} (S: skip)  Waiting for the server with the new settings`,
    async work(signal) {
      while (!(await isThere())) await pause(LOOK_EVERY_MS, clock, signal);
    },
  });
  if (waited.kind !== "done") throw new SetupProblem(problem, advice);
  tell.good("The server runs with the new settings.");
}

function again(channel: PairedChannel): string {
  return `Then run setup again, or: ${ownCommand(`pair ${channel}`)}.`;
}

async function boundOn(
  { home, context }: Workshop,
  { draft }: SetupProgress,
  channel: PairedChannel,
): Promise<readonly Phone[]> {
  const { people } = await readPeople(parseConfig(settingsOf(draft), home), home, context.clock);
  return people
    .all()
    .flatMap(({ addresses }) => addresses)
    .filter((address) => channelOf(address) === channel);
}
