// What a script has not given and setup cannot do without, each with how to give it.
import type { ChannelName } from "../../domain/channel.ts";
import type { AnswerKey } from "./asker.ts";
import { type Draft, settingOf, type WrittenName } from "./draft.ts";
import type { SetupFlags } from "./flags.ts";
import { GIVEN_BY } from "./script-asker.ts";
import { impliedChannel, OFFERED } from "./which-channel.ts";

interface Needed {
  readonly key: AnswerKey;
  readonly title: string;
  readonly flag: keyof SetupFlags;
  readonly setting: WrittenName;
}

const NEEDED: Readonly<Record<ChannelName, readonly Needed[]>> = {
  "whatsapp-agent": [
    { key: "agent-key", title: "the agent's key", flag: "agentKey", setting: "WHATSAPP_AGENT_KEY" },
  ],
  telegram: [{ key: "bot-token", title: "the bot's token", flag: "botToken", setting: "TELEGRAM_BOT_TOKEN" }],
  whatsapp: [
    { key: "account-sid", title: "the account SID", flag: "accountSid", setting: "TWILIO_ACCOUNT_SID" },
    { key: "auth-token", title: "the auth token", flag: "authToken", setting: "TWILIO_AUTH_TOKEN" },
    { key: "phone", title: "the phone that approves", flag: "phone", setting: "APPROVAL_PHONE" },
  ],
};

export function missingAnswers(draft: Draft, flags: SetupFlags): string[] {
  const channel = impliedChannel(draft, flags);
  if (channel === undefined)
    return [
      `the way to your phone: --channel ${OFFERED.join(", or --channel ")}; and for it:`,
      ...OFFERED.flatMap((name) => missingOn(name, draft, flags).map((each) => `  ${name}: ${each}`)),
    ];
  const ngrok: Needed = {
    key: "ngrok-token",
    title: "the ngrok authtoken",
    flag: "ngrokDomain",
    setting: "NGROK_AUTHTOKEN",
  };
  const isNgrok = flags.ngrokDomain !== undefined && settingOf(draft, "NGROK_AUTHTOKEN") === undefined;
  return [...missingOn(channel, draft, flags), ...(isNgrok ? [words(ngrok)] : [])];
}

function missingOn(channel: ChannelName, draft: Draft, flags: SetupFlags): string[] {
  return NEEDED[channel]
    .filter(({ flag, setting }) => (flags[flag] ?? settingOf(draft, setting)) === undefined)
    .map(words);
}

function words({ title, key }: Pick<Needed, "title" | "key">): string {
  return `${title}: ${GIVEN_BY[key]}`;
}
