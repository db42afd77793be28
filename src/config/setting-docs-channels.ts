// What is said about the settings of the channels beside Twilio's, and of the order in which channels are tried; see setting-docs.ts.
import type { SettingGroup } from "./setting-doc.ts";

export const CHANNEL_GROUPS: readonly SettingGroup[] = [
  {
    title: "WhatsApp without Twilio",
    about:
      "The WhatsApp Agent Platform: the key alone is the configuration. Nothing has to reach this computer.",
    settings: [
      {
        name: "WHATSAPP_AGENT_KEY",
        about: "The key of an agent that you have made on your phone. Who may approve is bound by a code.",
        where: "WhatsApp → Settings → Agents → your agent → Chat info → API key",
      },
      {
        name: "WHATSAPP_AGENT_BASE_URL",
        about: "Sends every call to this origin instead of WhatsApp's, path unchanged.",
      },
      {
        name: "REACTIONS",
        about:
          "With on, a thumb up or down on the agent's message approves or denies it. Off by default: a reaction is given by mistake more easily than a word.",
      },
    ],
  },
  {
    title: "Telegram",
    about: "The token alone is the configuration. Nothing has to reach this computer.",
    settings: [
      {
        name: "TELEGRAM_BOT_TOKEN",
        about: "The token of your bot. Anybody can write to a bot: who may approve is bound by a code.",
        where: "Telegram → @BotFather → /newbot",
      },
      {
        name: "TELEGRAM_BASE_URL",
        about: "Sends every call to this origin instead of Telegram's, path unchanged.",
      },
    ],
  },
  {
    title: "Several channels",
    settings: [
      {
        name: "APPROVERS",
        about:
          "A file that names people with their addresses, roles and projects, in place of APPROVAL_PHONE; read at the start (docs/approvers.md).",
      },
      {
        name: "CHANNELS",
        about:
          "Which channels are used, in the order in which each person is asked: whatsapp (Twilio), whatsapp-agent, telegram. Without it every one that is set up, in this order.",
      },
      {
        name: "ESCALATE_AFTER_SECONDS",
        about:
          "How long nobody answers until the next channel is asked too: 0 to 3600 seconds, 0 asks on all at once. One that fails is followed by the next at once.",
      },
    ],
  },
];
