// The row of `pair` in the table of commands. Data only: the code behind it is loaded when it runs.
import { PAIRED_CHANNELS } from "../../domain/channel.ts";
import type { CommandRow } from "../command.ts";
import { EXITS } from "../row-parts.ts";

export const PAIR: CommandRow = {
  name: "pair",
  npm: "npm run pair",
  folder: "server",
  summary: "binds one more chat",
  arguments: [
    {
      name: "channel",
      about: `the channel (${PAIRED_CHANNELS.join(", ")})`,
      isOptional: true,
      choices: PAIRED_CHANNELS,
    },
  ],
  options: [
    { flags: "--as <name>", about: "whose chat it is; a name that nobody has is somebody new" },
    { flags: "--list", about: "lists who is asked, and in which channels" },
    { flags: "--json", about: "prints the result as one JSON object; a code is never in it" },
  ],
  notes: [
    "Asks those who may approve already; once one of them has approved it, it shows a code of five letters for ten minutes. Whoever writes it to the bot, or to the agent, is bound. Where nobody may approve yet, the server must be stopped, and nobody is asked.",
    "The code is shown on a terminal only: with --json on standard error.",
  ],
  examples: ["telegram", "whatsapp-agent --as ada", "--list"],
  exits: EXITS,
  isInterruptible: true,
  load: async () => (await import("./pair.ts")).pair,
};
