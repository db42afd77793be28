// The first step: which way to the phone.

import { CHANNEL_TITLES, type ChannelName } from "../../domain/channel.ts";
import { settingOf, withAnswers } from "./draft.ts";
import { channelOfFlags, channelsSetUp, impliedChannel, OFFERED } from "./which-channel.ts";
import type { SetupProgress, SetupStep, Workshop } from "./workshop.ts";

/** `costs`: what it needs and costs, and who else can read it. From docs/channels.md, whose facts say the same. */
const WAYS: Readonly<Record<ChannelName, { readonly label: string; readonly costs: string }>> = {
  "whatsapp-agent": {
    label: "WhatsApp, by an agent of your own",
    costs:
      "needs the menu Settings → Agents in your WhatsApp, a beta that is not on every phone. No cost is documented; Meta can read the messages.",
  },
  telegram: {
    label: "Telegram, by a bot of your own",
    costs: "needs Telegram on your phone. It costs nothing; Telegram can read the messages.",
  },
  whatsapp: {
    label: "WhatsApp, through Twilio",
    costs:
      "needs an account at Twilio; a free trial will do. Twilio and Meta charge for each message; both can read them.",
  },
};

export const channelStep: SetupStep = {
  name: "channel",
  async run(workshop, progress) {
    const { tell } = workshop;
    const { draft } = progress;
    tell.step("The way to your phone");
    const there = channelsSetUp(draft);
    if (there.length > 0) {
      const names = there.map((name) => WAYS[name].label).join("; ");
      tell.say(
        `Set up so far: ${names}. Choose ${there.length === 1 ? "it" : "one of them"} to check it again, or another one to add it.`,
      );
    }
    const given = channelOfFlags(workshop.flags);
    const channel = given ?? (await asked(workshop, progress));
    if (given !== undefined || !workshop.asker.isPerson) tell.good(`${WAYS[channel].label}.`);
    if (settingOf(draft, "SIMULATE") === undefined) return { ...progress, channel };
    tell.warn("SIMULATE is taken out: a simulated phone cannot stand beside a real one.");
    return { ...progress, channel, draft: withAnswers(draft, { SIMULATE: "" }) };
  },
};

async function asked({ asker, tell, flags }: Workshop, { draft }: SetupProgress): Promise<ChannelName> {
  if (asker.isPerson)
    tell.say(OFFERED.map((name) => `• ${WAYS[name].label}: ${WAYS[name].costs}`).join("\n"));
  return asker.choose<ChannelName>({
    message: "Which way to your phone?",
    initial: impliedChannel(draft, flags) ?? OFFERED[0],
    choices: OFFERED.map((value) => ({
      value,
      label: WAYS[value].label,
      hint: channelsSetUp(draft).includes(value) ? `${CHANNEL_TITLES[value]} is set up` : undefined,
    })),
  });
}
