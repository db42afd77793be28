// The rows of `audit`, `purge` and `backup` in the table of commands. Data only: the code behind them is loaded when it runs.
import { EVENT_KINDS } from "../../domain/audit-event.ts";
import type { CommandRow } from "../command.ts";
import { EXITS, JSON_OUT } from "../row-parts.ts";

export const AUDIT: CommandRow = {
  name: "audit",
  npm: "npm run audit",
  folder: "server",
  summary: "lists, exports and verifies the event log",
  options: [
    { flags: "--verify", about: "checks the chain and the rows, and names the first broken entry" },
    {
      flags: "--head <hash>",
      about: "with --verify: the log must have this entry; at least 16 hex digits, as the phone has them",
    },
    { flags: "--since <when>", about: "from then on: 2h, 3d, today, yesterday, 2026-10-31T14:00" },
    { flags: "--until <when>", about: "up to then" },
    { flags: "--kind <kind>", about: "only those", choices: [...EVENT_KINDS] },
    { flags: "--request <id>", about: "only about this request" },
    { flags: "--project <name>", about: "only about requests of this project" },
    { flags: "--status <status>", about: "only decisions and tasks that ended so: approved, denied, …" },
    { flags: "--phone <number>", about: "only of this phone: +15005550006" },
    { flags: "--limit <number>", about: "the newest; default 50, or all with --since, --json, --csv" },
    { flags: "--json", about: "one JSON object a line, phone numbers hashed; with --verify: one object" },
    { flags: "--csv", about: "a table for a spreadsheet, phone numbers hashed" },
    { flags: "--file <file>", about: "another database, a backup for example" },
  ],
  notes: [
    "Oldest first. Reads the database, which it does not change, whether the server runs or not.",
    "Exits with 1 where --verify finds something broken, with 64 where it was called wrongly.",
  ],
  examples: ["", "--verify", "--request kqmwa", "--since 30d --csv"],
  exits: EXITS,
  load: async () => (await import("./audit.ts")).audit,
};

export const PURGE: CommandRow = {
  name: "purge",
  npm: "npm run purge",
  folder: "server",
  summary: "removes what is old from the record",
  options: [
    { flags: "--older-than <days>", about: "in days; default RETENTION_DAYS" },
    { flags: "--dry-run", about: "says what would be removed, and removes nothing" },
    { flags: "--json", about: `${JSON_OUT}: {removed, dry_run}` },
  ],
  notes: [
    "Keeps what waits, what is parked and grants that hold. The log stays verifiable: a purge is an entry in it. Safe while the server runs.",
  ],
  examples: ["--older-than 180 --dry-run", "--older-than 180"],
  exits: EXITS,
  load: async () => (await import("./purge.ts")).purge,
};

export const BACKUP: CommandRow = {
  name: "backup",
  npm: "npm run backup",
  folder: "server",
  summary: "copies the record, also in use",
  arguments: [{ name: "file", about: "the new file (it must not be there yet)" }],
  options: [{ flags: "--json", about: `${JSON_OUT}: {file, entries, head, problems}` }],
  notes: [
    "Safe while the server runs. The file is its owner's alone: what waits is in it as it was asked, secrets included.",
  ],
  examples: ["approvals-2026-10-31.db"],
  exits: EXITS,
  load: async () => (await import("./backup.ts")).backup,
};
