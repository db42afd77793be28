// The row of `hooks` in the table of commands. Data only: the code behind it is loaded when it runs.
import type { CommandOption, CommandRow } from "../command.ts";
import { EXITS } from "../row-parts.ts";

const PROJECT: CommandOption = {
  flags: "--project [folder]",
  about: "the settings of one project (.claude/settings.json there, or in the current folder), not yours",
};

export const HOOKS: CommandRow = {
  name: "hooks",
  npm: "npm run hooks",
  folder: "caller",
  summary: "lets interactive sessions ask the phone too: install, uninstall, print",
  verbs: [
    {
      name: "install",
      summary: "puts the hooks into Claude Code's settings; can be run again at any time",
      options: [PROJECT],
    },
    { name: "uninstall", summary: "takes them out again; everything else stays", options: [PROJECT] },
    {
      name: "print",
      summary: "shows what install would put there, and changes nothing",
      options: [PROJECT, { flags: "--json", about: "prints the same: it is JSON in any case" }],
    },
  ],
  notes: ["The address is made of HOST and SERVER_PORT as the server reads them."],
  examples: ["install", "install --project ~/code/web-shop", "uninstall", "print"],
  exits: EXITS,
  load: async () => (await import("./hooks.ts")).hooks,
};
