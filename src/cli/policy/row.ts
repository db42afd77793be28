// The row of `policy` in the table of commands. Data only: the code behind it is loaded when it runs.
import { DOORS } from "../../domain/tool-call.ts";
import { READY_NAMES } from "../../policy/ready-policies.ts";
import type { CommandRow } from "../command.ts";
import { EXIT } from "../exit.ts";
import { EXITS, JSON_OUT } from "../row-parts.ts";

const SETTINGS_EXIT = "With 2 when the settings are wrong.";

export const POLICY: CommandRow = {
  name: "policy",
  npm: "npm run policy",
  folder: "server",
  needsNoHome: true,
  summary: "writes, drafts or checks policy.json: init, propose, check, test",
  verbs: [
    {
      name: "init",
      summary: "writes a ready policy.json where there is none",
      arguments: [
        {
          name: "kind",
          about: `the kind of policy (${READY_NAMES.join(", ")}; docs/policy.md says what each allows)`,
          choices: READY_NAMES,
        },
      ],
      options: [
        { flags: "--force", about: "replaces the policy that is there" },
        { flags: "--print", about: "prints it, and writes nothing" },
      ],
      notes: [`Exits with 0 when it is written or printed, with 1 when it could not be. ${SETTINGS_EXIT}`],
    },
    {
      name: "propose",
      summary: "prints a draft of policy.json, of what was approved again and again; writes nothing",
      options: [
        { flags: "--project <path>", about: "a folder, or a project's name; default: this folder" },
        { flags: "--days <number>", about: "how far back to look, 1 to 90; default: 14" },
        {
          flags: "--json",
          about: `${JSON_OUT}: {project, days, policy?, rules, left_out, asked, would_have_answered, at_least}`,
        },
      ],
      notes: [`Exits with 0 when there is a draft, with 1 when nothing can be proposed. ${SETTINGS_EXIT}`],
    },
    {
      name: "check",
      summary: "names every problem of a policy file",
      arguments: [
        { name: "file", about: "the file; default: the one that the server reads", isOptional: true },
      ],
      options: [{ flags: "--json", about: `${JSON_OUT}: {ok, path, problems, warnings?}` }],
      notes: [`Exits with 0 when the file is good, with 1 when it is wrong or not there. ${SETTINGS_EXIT}`],
    },
    {
      name: "test",
      summary: "says what the policy decides of a call, and by which rule; asks nobody",
      arguments: [{ name: "call", about: "the call as JSON (- reads it from standard input)" }],
      options: [
        { flags: "--file <file>", about: "another policy file" },
        { flags: "--project <path>", about: "where the call comes from: a folder, or a project's name" },
        {
          flags: "--door <door>",
          about: "how it comes in; default: mcp",
          choices: DOORS,
        },
        {
          flags: "--json",
          about: `${JSON_OUT}: {decision, rule?, reason?, message?}, or {path, problems}`,
        },
      ],
      notes: [
        `Exits with 0 whatever the policy decides, with 1 when its file is wrong or not there. ${SETTINGS_EXIT}`,
      ],
    },
  ],
  notes: [
    "Exits with 0 when the file is good, with 1 when it is wrong or nothing can be proposed, with 2 when the settings are wrong.",
  ],
  examples: [
    "init cautious",
    "propose --project ~/code/web-shop --days 30",
    "check",
    `test '{"tool_name":"Bash","input":{"command":"npm test"}}' --project ~/code/web-shop`,
  ],
  exits: { ...EXITS, configuration: EXIT.configuration },
  load: async () => (await import("./policy.ts")).policy,
};
