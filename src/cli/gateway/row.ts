// The row of `gateway` in the table of commands. Data only: the code behind it is loaded when it runs.
import type { CommandRow } from "../command.ts";
import { EXIT } from "../exit.ts";
import { EXITS, JSON_OUT } from "../row-parts.ts";

export const GATEWAY: CommandRow = {
  name: "gateway",
  npm: "npm run gateway",
  folder: "server",
  summary: "tries the servers of gateway.json: check",
  verbs: [
    {
      name: "check",
      summary: "starts each server of gateway.json, lists its tools, and names every problem",
      options: [
        {
          flags: "--json",
          about: `${JSON_OUT}: {ok, path, problems, servers: [{name, kind, problem?, lastWords?, has, offered, missing, changed}]}`,
        },
      ],
    },
  ],
  notes: [
    "Starts servers of its own beside those of a running approval server, and ends them. Calls no tool and asks nobody.",
    "Exits with 0 when every listed tool is there as it was last seen, with 1 when something is wrong or has changed, with 2 when the settings are wrong.",
  ],
  examples: ["check", "check --json"],
  exits: { ...EXITS, configuration: EXIT.configuration },
  load: async () => (await import("./check.ts")).gateway,
};
