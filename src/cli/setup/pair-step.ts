// Who may approve in a channel that binds by a code. The first chat of all is proven here, in a trial; one more than that wants a tap of
// those who may approve, which the server asks for once it knows the settings.
import { parseConfig } from "../../config/config.ts";
import { CHANNEL_TITLES, channelOf } from "../../domain/channel.ts";
import { count } from "../../domain/names.ts";
import { ownCommand } from "../../domain/own-command.ts";
import { lockHolder } from "../../store/server-lock.ts";
import { readPeople } from "../pair/known.ts";
import { SetupProblem } from "./asker.ts";
import { settingsOf } from "./draft.ts";
import { firstChat } from "./first-chat.ts";
import { qrLines } from "./join-link.ts";
import { accessOf } from "./key-step.ts";
import { PLATFORMS } from "./platforms.ts";
import { runningServer } from "./running-server.ts";
import { openTrial } from "./trial.ts";
import { whatNow } from "./what-now.ts";
import { whoseChat } from "./whose-chat.ts";
import { checked, pairedChannel, type SetupProgress, type SetupStep, type Workshop } from "./workshop.ts";

export const pairStep: SetupStep = {
  name: "pairing",
  async run(workshop, progress) {
    const { tell, flags, home, context } = workshop;
    const channel = pairedChannel(progress);
    const title = CHANNEL_TITLES[channel];
    const config = parseConfig(settingsOf(progress.draft), home);
    tell.step("The chat that approves");
    const { people } = await readPeople(config, home, context.clock);
    const bound = people.approving().filter((address) => channelOf(address) === channel);
    const pairLine = `${ownCommand(`pair ${channel}`)}`;
    if (bound.length > 0) {
      tell.good(
        `${title}: ${count(bound.length, "chat")} may approve already. One more: ${pairLine}, with --as and a name where it is another person's (docs/approvers.md).`,
      );
      if (!flags.isTested || (await runningServer(workshop, progress)) !== undefined)
        return { ...progress, pairing: { kind: "there" } };
      await mustBeStopped(workshop, config.databasePath);
      return { ...progress, pairing: { kind: "there" }, trial: await openTrial(workshop, progress) };
    }
    if (!flags.isTested) {
      tell.warn(`Nobody is bound in ${title} yet. Once the settings are written: ${pairLine}`);
      return { ...progress, pairing: { kind: "none" } };
    }
    assertTerminal(workshop);
    if (people.approving().length > 0) {
      tell.say(
        "Somebody may approve already, and is asked before one more chat may. The server does that, once the settings are written and it knows them.",
      );
      const person = await whoseChat(workshop, people, channel);
      // Nobody was asked whose it is: two people must not become one by that.
      if (flags.as === undefined && people.all().length === 1)
        tell.say(
          `It will be one more chat of the person who approves now. Is it somebody else's? Stop, and give their name with --as: docs/approvers.md.`,
        );
      return { ...progress, pairing: { kind: "later", person } };
    }
    await mustBeStopped(workshop, config.databasePath);
    return provenHere(workshop, progress, await whoseChat(workshop, people, channel));
  },
};

/** What a program reads ends up in a file, or with whoever has started it. @throws SetupProblem */
function assertTerminal({ asker, flags, context }: Workshop): void {
  const { stdout, isTerminal } = context;
  const isRead = flags.json ? isTerminal : "isTTY" in stdout && stdout.isTTY === true;
  if (asker.isPerson || isRead) return;
  throw new SetupProblem(
    "A code of five letters binds the chat, and it is shown on a terminal only: this is none.",
    `Run setup in a terminal; or give --no-test, which writes the settings, and bind the chat later: ${ownCommand("pair")}.`,
  );
}

/** Two programs with one database, or one channel, take it from each other. @throws SetupProblem */
async function mustBeStopped({ asker, tell }: Workshop, databasePath: string): Promise<void> {
  for (let holder = lockHolder(databasePath); holder !== undefined; holder = lockHolder(databasePath)) {
    const who = holder === "unknown" ? "" : `, process ${holder}`;
    const problem = `An approval server is running with the settings from before${who}.`;
    const advice = `Stop it for now: Ctrl-C in its terminal, or ${ownCommand("service uninstall")} where it runs as a service.`;
    if (!asker.isPerson) throw new SetupProblem(problem, advice);
    tell.warn(`${problem} ${advice}`);
    if (!(await asker.confirm({ message: "Is it stopped?", initial: true })))
      throw new SetupProblem(problem, advice);
  }
}

async function provenHere(
  workshop: Workshop,
  progress: SetupProgress,
  person: string,
): Promise<SetupProgress> {
  const { asker, tell } = workshop;
  await invite(workshop, progress);
  // What was written for an earlier code is not tried on the next one.
  for (let readTo: string | undefined; ; ) {
    const trial = await openTrial(workshop, progress, readTo);
    let isKept = false;
    let why: string;
    try {
      const chat = await firstChat(workshop, progress, { trial, person });
      if (!("why" in chat)) {
        tell.good(`The code came from ${chat.shown}.`);
        // The code has proven it; a person sees all the same whether it is them.
        isKept =
          !asker.isPerson ||
          (await asker.confirm({ message: "Is that you, and shall this chat approve?", initial: false }));
        if (isKept) return { ...progress, trial, pairing: { kind: "proven", chat } };
      }
      why = "why" in chat ? chat.why : "That chat is not bound: you said that it is not yours.";
    } finally {
      readTo = trial.position();
      if (!isKept) await trial.remove();
    }
    const advice = `Run setup again for a new code.`;
    if (!asker.isPerson) throw new SetupProblem(why, advice);
    tell.bad(why);
    const wish = await whatNow(asker, {
      again: "A new code",
      write: "Write the settings, and bind a chat later",
    });
    if (wish === "write") return { ...progress, pairing: { kind: "none" } };
    if (wish === "stop") throw new SetupProblem(why, advice);
  }
}

/** Where the code is to be written to. It is in no link: browsers, and terminals, keep those. */
async function invite(workshop: Workshop, progress: SetupProgress): Promise<void> {
  const { tell, asker, context } = workshop;
  const platform = PLATFORMS[pairedChannel(progress)];
  const access = accessOf(workshop, platform, progress.draft);
  const { how, link } = await checked(workshop, () => platform.chat(access));
  tell.say(how);
  if (link === undefined) return;
  if (asker.isPerson) tell.asItIs(`\n${qrLines(link, context.colours.out).join("\n")}\n`);
  tell.asItIs(`   ${link}`);
}
