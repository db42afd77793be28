// The row of `harden` in the table of commands. Data only: the code behind it is loaded when it runs.
import type { CommandRow } from "../command.ts";
import { EXIT } from "../exit.ts";
import { EXITS } from "../row-parts.ts";

export const HARDEN: CommandRow = {
  name: "harden",
  npm: "npm run harden",
  folder: "server",
  summary: "says how to keep Claude off the server",
  options: [
    {
      flags: "--json",
      about: "one JSON object: {ok, agent, steps: [{id, title, state, now, why, do, appliable?, applied?}]}",
    },
    {
      flags: "--apply",
      about: "does what is safe: takes rights of files away from other users. Nothing else",
    },
    {
      flags: "--agent <user>",
      about: "the user that claude runs as; default: whoever calls this (with sudo: whoever called sudo)",
    },
  ],
  notes: [
    "Changes nothing without --apply, and sends nothing. Each step says how things stand, why that matters, and the lines to paste; read them first, those with sudo most of all.",
    "Exits with 0 when nothing is to do, with 1 when something is, with 2 when the settings are wrong.",
  ],
  examples: ["", "--json", "--apply"],
  exits: { ...EXITS, configuration: EXIT.configuration },
  load: async () => (await import("./harden.ts")).harden,
};
