// Asks nobody: with --yes, each question has its default, and an answer that has none must have been given.
import type { CommandContext } from "../command.ts";
import { type AnswerKey, type Interviewer, SetupProblem } from "./asker.ts";
import { waitFor } from "./wait.ts";

/** Between two lines about the same wait: a log is not to be filled with them. ms */
const SHOW_EVERY_MS = 30_000;

/** How a script gives each answer, in words. */
export const GIVEN_BY: Readonly<Record<AnswerKey, string>> = {
  "agent-key":
    "WHATSAPP_AGENT_KEY in the environment, --agent-key-stdin, or --agent-key-file <file>; never as an argument",
  "bot-token":
    "TELEGRAM_BOT_TOKEN in the environment, --bot-token-stdin, or --bot-token-file <file>; never as an argument",
  "account-sid": "--account-sid AC…, or TWILIO_ACCOUNT_SID in the environment",
  "auth-token":
    "TWILIO_AUTH_TOKEN in the environment, --auth-token-stdin, or --auth-token-file <file>; never as an argument",
  from: "--from <number>, or TWILIO_WHATSAPP_FROM in the environment",
  phone: "--phone +…, or APPROVAL_PHONE in the environment",
  "join-words": "--join-words two-words",
  "public-url": "--public-url https://…, or PUBLIC_URL in the environment",
  "ngrok-token": "NGROK_AUTHTOKEN in the environment; never as an argument",
  "ngrok-domain": "--ngrok-domain <domain>, or NGROK_DOMAIN in the environment",
};

export function createScriptAsker(
  { clock, signal }: Pick<CommandContext, "clock" | "signal">,
  show: (line: string) => void,
): Interviewer {
  const unanswered = async ({ key, message }: { readonly key: AnswerKey; readonly message: string }) => {
    throw new SetupProblem(`There is no answer to: ${message}`, `Give it by ${GIVEN_BY[key]}.`);
  };
  return {
    isPerson: false,
    text: async (question) => (question.mayBeEmpty ? (question.initial ?? "") : unanswered(question)),
    secret: unanswered,
    choose: async ({ initial }) => initial,
    confirm: async ({ initial }) => initial,
    wait: (wait) => waitFor(wait, { clock, signal, show, showEveryMs: SHOW_EVERY_MS }),
  };
}
