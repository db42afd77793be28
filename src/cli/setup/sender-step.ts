// Step 2: who sends the messages. The Sandbox goes without saying; senders of the account are listed where it has any.

import { cleanForeign } from "../../channels/twilio/error-advice.ts";
import { SANDBOX_SENDER } from "../../config/environment.ts";
import { DeliveryError } from "../../domain/errors.ts";
import { SetupProblem } from "./asker.ts";
import { settingOf, withAnswers } from "./draft.ts";
import { readPhone } from "./read-phone.ts";
import type { OwnSender } from "./twilio-desk.ts";
import { checked, deskOf, type SetupProgress, type SetupStep, type Workshop } from "./workshop.ts";

const SANDBOX_TEXT = "Twilio's Sandbox, +1 415 523 8886";

export const senderStep: SetupStep = {
  name: "sender",
  async run(workshop, progress) {
    const { tell, flags } = workshop;
    const { draft } = progress;
    const senders = await sendersOf(workshop, progress);
    const given = flags.from ?? settingOf(draft, "TWILIO_WHATSAPP_FROM");
    const wanted = given === undefined ? undefined : addressOf(given);
    const problem = wanted === undefined ? undefined : problemOf(wanted, senders);
    if (problem !== undefined) {
      if (!workshop.asker.isPerson) throw new SetupProblem(problem, adviceFor(senders));
      tell.bad(`${problem} ${adviceFor(senders)}`);
    }
    const address = problem === undefined && wanted !== undefined ? wanted : await chosen(workshop, senders);
    const ownSender = senders.find((each) => each.address === address);
    const number = address.replace("whatsapp:", "");
    tell.good(`Messages come from ${ownSender === undefined ? SANDBOX_TEXT : number}.`);
    // The default need not be said, but a choice is: or it would be asked about again.
    const isSaid = given !== undefined || senders.length > 0;
    return {
      ...progress,
      ownSender,
      draft: isSaid ? withAnswers(draft, { TWILIO_WHATSAPP_FROM: address }) : draft,
    };
  },
};

async function sendersOf(workshop: Workshop, progress: SetupProgress): Promise<readonly OwnSender[]> {
  return checked(workshop, () =>
    deskOf(progress)
      .senders()
      .catch((error: unknown) => {
        // An account may not be allowed to list them; the Sandbox works all the same.
        if (!(error instanceof DeliveryError) || error.code === undefined) throw error;
        workshop.tell.warn(`The account's own senders cannot be listed: ${error.message}`);
        return [];
      }),
  );
}

/** `whatsapp:+…`, however it was written; "" for what is no number. */
function addressOf(text: string): string {
  if (/^(whatsapp:)?sandbox$/i.test(text)) return SANDBOX_SENDER;
  const read = readPhone(text);
  return read.kind === "number" ? `whatsapp:${read.number}` : "";
}

function problemOf(address: string, senders: readonly OwnSender[]): string | undefined {
  if (address === SANDBOX_SENDER) return undefined;
  if (address === "") return "The sender is no phone number.";
  const number = address.replace("whatsapp:", "");
  const found = senders.find((each) => each.address === address);
  if (found === undefined) return `${number} is no WhatsApp sender of this account.`;
  return found.status.startsWith("ONLINE")
    ? undefined
    : `The sender ${number} is ${cleanForeign(found.status)}, so it cannot send.`;
}

function adviceFor(senders: readonly OwnSender[]): string {
  const online = senders.filter(({ status }) => status.startsWith("ONLINE"));
  const numbers = online.map(({ address }) => cleanForeign(address.replace("whatsapp:", "")));
  return numbers.length === 0
    ? "The account has no sender of its own that is online: use the Sandbox."
    : `It has: ${numbers.join(", ")}; or use the Sandbox.`;
}

async function chosen({ asker }: Workshop, senders: readonly OwnSender[]): Promise<string> {
  const online = senders.filter(({ status }) => status.startsWith("ONLINE"));
  if (online.length === 0) return SANDBOX_SENDER;
  return asker.choose({
    message: "Which number sends the messages?",
    initial: SANDBOX_SENDER,
    choices: [
      { value: SANDBOX_SENDER, label: SANDBOX_TEXT, hint: "to try it; join again every 3 days" },
      ...online.map(({ address }) => ({
        value: address,
        label: cleanForeign(address.replace("whatsapp:", "")),
        hint: "a sender of your account",
      })),
    ],
  });
}
