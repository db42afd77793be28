// The row of `service` in the table of commands. Data only: the code behind it is loaded when it runs.
import type { CommandOption, CommandRow } from "../command.ts";
import { EXIT } from "../exit.ts";

const SYSTEM: CommandOption = {
  flags: "--system <system>",
  about: "the service manager; default: the one of this system",
  choices: ["systemd", "launchd"],
};

export const SERVICE: CommandRow = {
  name: "service",
  npm: "npm run service",
  folder: "server",
  needsNoHome: true,
  summary: "keeps the server running from login on",
  verbs: [
    {
      name: "install",
      summary: "installs the service and starts it; can be run again at any time, and after an update",
      options: [{ flags: "--print", about: "shows the service's file, and changes nothing" }, SYSTEM],
    },
    {
      name: "uninstall",
      summary: "stops the service and takes it away; settings and record stay",
      options: [SYSTEM],
    },
    {
      name: "status",
      summary: "says whether the service runs and answers; exits with 0 only when both are so",
      options: [
        {
          flags: "--json",
          about: "one JSON object: {installed, state, pid?, problem?, startsByItself?, answers, url, file}",
        },
        SYSTEM,
      ],
    },
    {
      name: "logs",
      summary: "shows the last lines of the service's log",
      options: [
        { flags: "-f, --follow", about: "goes on with what comes, until Ctrl-C" },
        { flags: "-n, --lines <count>", about: "how many of the last lines; default: 100" },
        SYSTEM,
      ],
    },
  ],
  notes: [
    "A systemd user unit on Linux, a launchd agent on macOS: it runs as you, without root, and reads the same .env. docs/operations.md has the rest.",
  ],
  examples: ["install", "install --print", "status", "logs --follow", "uninstall"],
  exits: { help: EXIT.ok, configuration: EXIT.configuration, failed: EXIT.failed },
  load: async () => (await import("./service.ts")).service,
};
