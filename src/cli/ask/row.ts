// The row of `ask` in the table of commands. Data only: the code behind it is loaded when it runs.
import type { CommandRow } from "../command.ts";
import { ASK_EXIT } from "../exit.ts";

export const ASK: CommandRow = {
  name: "ask",
  npm: "npm run ask",
  folder: "caller",
  summary: "asks from a script: exit code 0 approved, 1 denied, 2 no decision",
  arguments: [{ name: "question", about: "what to ask", isSentence: true }],
  options: [
    { flags: "--action <text>", about: "what exactly will be done, shown first; default: the question" },
    { flags: "--reason <text>", about: "why it is needed now" },
    {
      flags: "--timeout <seconds>",
      about: "how long to wait, 10 to 3600; default 300; the server's own limit also holds",
    },
    { flags: "--json", about: "prints the result as JSON" },
  ],
  notes: [
    "Exit codes: 0 approved, 1 denied, 2 no decision (nobody answered, undelivered, an error), 64 wrong usage or settings, and help, 69 the server is not there or refuses, 130 interrupted (the request is withdrawn). Only 0 allows anything.",
  ],
  examples: ['"Deploy to prod?" && ./deploy.sh'],
  // A script that asks for help by mistake has no approval.
  exits: { help: ASK_EXIT.usage, configuration: ASK_EXIT.usage, failed: ASK_EXIT.unavailable },
  isInterruptible: true,
  load: async () => (await import("./ask.ts")).ask,
};
