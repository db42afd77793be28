// What is said of the test request: how it is answered differs from channel to channel.
import { CHANNEL_TITLES, type ChannelName } from "../../domain/channel.ts";
import { ownCommand } from "../../domain/own-command.ts";

export interface TestWords {
  /** Of the request itself. */
  readonly summary: string;
  readonly sent: string;
  readonly waiting: string;
  /** "You tapped Approve" */
  readonly answered: { readonly approved: string; readonly denied: string };
  readonly late: string;
  readonly skipped: string;
  /** Where nothing came back: what may be the matter. */
  readonly advice: string;
}

const TAPPED = { approved: "You tapped Approve", denied: "You tapped Deny" };
const BY_BUTTON = {
  summary: "Tap Approve to show that your answer comes back",
  sent: "A test request is on its way to your phone: tap Approve there.",
  waiting: "Waiting for your tap",
  answered: TAPPED,
  late: "No tap came in time.",
  skipped: "The test was skipped: no tap came.",
} as const;

const TEST_WORDS: Readonly<Record<ChannelName, TestWords>> = {
  whatsapp: {
    ...BY_BUTTON,
    advice:
      "If the phone shows no request, it has not joined the Sandbox, or its number is another one; if it shows one, tap Approve when it is sent again.",
  },
  telegram: {
    ...BY_BUTTON,
    advice: `If the chat with the bot shows no request, ${ownCommand("doctor")} says more; if it shows one, tap Approve when it is sent again.`,
  },
  "whatsapp-agent": {
    summary: "Write yes to show that your answer comes back",
    sent: "A test request is on its way to your phone: reply yes to it there.",
    waiting: "Waiting for your answer",
    answered: { approved: "You answered yes", denied: "You answered no" },
    late: "No answer came in time.",
    skipped: "The test was skipped: no answer came.",
    advice: `If the chat with the agent shows no request, ${ownCommand("doctor")} says more; if it shows one, reply yes when it is sent again.`,
  },
};

/** @param asked the channels that the request can come on, in their order: one that was tried alone, or all of a running server */
export function testWords(asked: readonly ChannelName[]): TestWords {
  const [first, ...others] = asked;
  if (first !== undefined && others.length === 0) return TEST_WORDS[first];
  return {
    summary: "Approve it to show that your answer comes back",
    sent: `A test request is on its way: ${titles(asked)}. Approve it where it comes.`,
    waiting: "Waiting for your answer",
    answered: { approved: "You approved it", denied: "You denied it" },
    late: "No answer came in time.",
    skipped: "The test was skipped: no answer came.",
    advice: `If no chat shows the request, ${ownCommand("doctor")} says more; if one shows it, approve it there when it is sent again.`,
  };
}

/** "Telegram, then WhatsApp (agent)": in the order in which they are asked. */
export function titles(names: readonly string[]): string {
  return names.map((name) => CHANNEL_TITLES[name as ChannelName] ?? name).join(", then ");
}
