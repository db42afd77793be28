// Step 6: the phone's first message. Only a phone that has written gets messages: for 24 hours after each of its own, and in the
// Sandbox for 3 days after it has joined.
import { readContacts } from "../../channels/twilio/receive/contacts.ts";
import { sessionState } from "../../channels/twilio/receive/session-window.ts";
import { SANDBOX_SENDER } from "../../config/environment.ts";
import { pause } from "../../core/timing.ts";
import { isSameNumber } from "../../domain/phone-number.ts";
import { agoText } from "../../domain/time-words.ts";
import type { Phone } from "../../domain/tool-call.ts";
import { SetupProblem } from "./asker.ts";
import { withAnswers } from "./draft.ts";
import { chatLink, firstWords, qrLines, readJoinWords } from "./join-link.ts";
import { inboxOf, phonesOf, senderOf } from "./people.ts";
import { checked, deskOf, type SetupProgress, type SetupStep, type Workshop } from "./workshop.ts";

/** Between two looks at Twilio's list, ms. */
const LOOK_EVERY_MS = 2_000;
const WHERE =
  'Open https://console.twilio.com and there: Messaging → Try it out → Send a WhatsApp message. The page says "join" and two words with a dash between them; they are your Sandbox\'s own.';

export const joinStep: SetupStep = {
  name: "first message",
  async run(workshop, progress) {
    if (!workshop.flags.isTested) return progress;
    let current = progress;
    for (const phone of phonesOf(current)) current = await withOpenChat(workshop, current, phone);
    return current;
  },
};

async function withOpenChat(
  workshop: Workshop,
  progress: SetupProgress,
  phone: Phone,
): Promise<SetupProgress> {
  const { tell, asker } = workshop;
  const before = await checked(workshop, () => openSince(workshop, progress, phone));
  if (before !== undefined) {
    tell.good(`${phone} wrote ${before} ago: messages reach it.`);
    return progress;
  }
  const sender = senderOf(progress);
  // Twilio dates messages in whole seconds, cut off.
  const invitedAt = workshop.context.clock.now() - 1_000;
  await invite(workshop, sender);
  /** Numbers whose messages say nothing about this phone. */
  const known = new Set<string>(phonesOf(progress));
  for (;;) {
    const waited = await asker.wait({
      limitMs: workshop.flags.waitMs,
      line: (left) => `${left}${asker.isPerson ? " (S: skip)" : ""}  Waiting for the message from ${phone}`,
      work: (signal) => firstMessage(workshop, progress, { phone, known, invitedAt, signal }),
    });
    if (waited.kind === "skipped") {
      tell.warn("Skipped: a message to this phone may not arrive.");
      return progress;
    }
    if (waited.kind === "done") {
      if (waited.value === phone) {
        tell.good(`The message from ${phone} is there.`);
        return progress;
      }
      const changed = await otherNumber(workshop, progress, phone, waited.value);
      if (changed !== undefined) return changed;
      known.add(waited.value);
      continue;
    }
    const problem = `No message came from ${phone}.`;
    const advice = `Check that this is the phone's number, and send ${firstWords(sender, undefined)} from it to ${sender.replace("whatsapp:", "")}.`;
    if (!asker.isPerson) throw new SetupProblem(problem, advice);
    tell.bad(`${problem} ${advice}`);
    const isAgain = await asker.confirm({ message: "Wait once more?", initial: true });
    if (!isAgain) throw new SetupProblem(problem, advice);
  }
}

/** How long ago it wrote, where a message would reach it now. */
async function openSince(
  { context }: Pick<Workshop, "context">,
  progress: SetupProgress,
  phone: Phone,
): Promise<string | undefined> {
  const now = context.clock.now();
  const inbox = inboxOf(progress);
  const contact = (await readContacts({ inbox, approvers: [phone] }, now)).get(phone) ?? {};
  const { open } = sessionState(contact, now);
  return open && contact.lastInboundAt !== undefined ? agoText(now - contact.lastInboundAt) : undefined;
}

async function invite(workshop: Workshop, sender: string): Promise<void> {
  const { tell, context } = workshop;
  const isSandbox = sender === SANDBOX_SENDER;
  const words = isSandbox ? await joinWords(workshop) : undefined;
  if (isSandbox && words === undefined) {
    tell.say(`Send "join" and your two words from the phone, in WhatsApp, to +1 415 523 8886. ${WHERE}`);
    return;
  }
  const link = chatLink(sender, firstWords(sender, words));
  tell.say(
    isSandbox
      ? `Now the phone joins your Sandbox: point its camera at the code, or open the link on it. WhatsApp opens with "${firstWords(sender, words)}" typed in: send it.`
      : "Now the phone writes to the sender: point its camera at the code, or open the link on it. WhatsApp opens with a greeting typed in: send it.",
  );
  if (workshop.asker.isPerson) tell.asItIs(`\n${qrLines(link, context.colours.out).join("\n")}\n`);
  tell.asItIs(`   ${link}`);
}

async function joinWords({ asker, tell, flags }: Workshop): Promise<string | undefined> {
  let given = flags.joinWords;
  if (given === undefined && asker.isPerson) tell.say(WHERE);
  for (;;) {
    given ??= await asker.text({
      key: "join-words",
      message: "The two words after join (Enter: skip)",
      example: "tidy-otter",
      mayBeEmpty: true,
    });
    if (given === "") return undefined;
    const words = readJoinWords(given);
    if (words !== undefined) return words;
    const problem = "Those are not two words with a dash between them, as in tidy-otter.";
    if (!asker.isPerson) throw new SetupProblem(problem, "Correct --join-words, or leave it out.");
    tell.bad(problem);
    given = undefined;
  }
}

interface PhoneLook {
  readonly phone: Phone;
  /** Numbers whose messages mean nothing here. */
  readonly known: ReadonlySet<string>;
  /** Epoch ms. */
  readonly invitedAt: number;
  readonly signal: AbortSignal;
}

/** Looks until the phone has written, or another number has. @returns the number that has */
async function firstMessage(
  { context }: Pick<Workshop, "context">,
  progress: SetupProgress,
  { phone, known, invitedAt, signal }: PhoneLook,
): Promise<string> {
  const { clock } = context;
  const desk = deskOf(progress);
  const sender = senderOf(progress);
  for (;;) {
    // A look that fails once is no reason to stop: the next one comes in two seconds.
    const isThere = await openSince({ context }, progress, phone).catch(() => undefined);
    if (isThere !== undefined) return phone;
    const writers = await desk.writersSince(sender, invitedAt).catch(() => []);
    const other = writers.find((each) => !known.has(each) && !isSameNumber(each, phone));
    if (other !== undefined) return other;
    await pause(LOOK_EVERY_MS, clock, signal);
  }
}

/** Somebody else wrote: most often the same person, whose number was mistyped. */
async function otherNumber(
  { asker, tell }: Workshop,
  progress: SetupProgress,
  phone: Phone,
  other: string,
): Promise<SetupProgress | undefined> {
  const problem = `A message came, but from ${other} and not from ${phone}.`;
  if (!asker.isPerson) throw new SetupProblem(problem, `If that is your phone, give --phone ${other}.`);
  tell.warn(problem);
  const isMine = await asker.confirm({
    message: `Is ${other} your phone, and shall it approve in place of ${phone}?`,
    initial: false,
  });
  if (!isMine) return undefined;
  const phones = phonesOf(progress).map((each) => (each === phone ? other : each));
  tell.good(`${other} approves.`);
  return { ...progress, draft: withAnswers(progress.draft, { APPROVAL_PHONE: phones.join(",") }) };
}
