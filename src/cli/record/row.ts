// The rows of `status` and `log` in the table of commands. Data only: the code behind them is loaded when it runs.
import { DOORS } from "../../domain/tool-call.ts";
import { RECORD_STATUSES } from "../../history/outcome-words.ts";
import type { CommandRow } from "../command.ts";
import { EXITS } from "../row-parts.ts";

export const STATUS: CommandRow = {
  name: "status",
  npm: "npm run status",
  folder: "server",
  summary: "says how the running server stands, and what waits",
  options: [{ flags: "--json", about: "one JSON object: {running, well, …}" }],
  notes: [
    "Exits with 0 when it is up and well, with 1 when it is down, does not record, or denies everything (PAUSE, PANIC).",
  ],
  examples: ["", "--json"],
  exits: EXITS,
  load: async () => (await import("./status.ts")).status,
};

export const LOG: CommandRow = {
  name: "log",
  npm: "npm run log",
  folder: "server",
  summary: "lists what was asked and how it ended",
  options: [
    {
      flags: "--since <when>",
      about: "from then on: 2h, 3d, today, yesterday, 2026-10-31, 2026-10-31T14:00",
    },
    { flags: "--until <when>", about: "up to then" },
    { flags: "--project <name>", about: "only of this project" },
    { flags: "--status <status>", about: "only those", choices: [...RECORD_STATUSES] },
    { flags: "--tool <name>", about: "only of this tool: Bash, WebFetch, …" },
    { flags: "--door <door>", about: "only those that came in there", choices: DOORS },
    { flags: "--limit <number>", about: "how many, the newest; default 50, or 10,000 with --since" },
    { flags: "--json", about: "one JSON object a line" },
    { flags: "--follow", about: "goes on with what is asked and what ends, until Ctrl-C" },
  ],
  notes: [
    "Oldest first. Recognised secrets are masked. Reads through the running server; when it is down, from the database, which it does not change.",
  ],
  examples: ["", "--since yesterday --status denied", "--project web-shop --json", "--follow"],
  exits: EXITS,
  isInterruptible: true,
  load: async () => (await import("./log.ts")).log,
};
