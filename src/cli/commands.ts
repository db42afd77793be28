// The table of commands. `approval-server --help`, the help and the usage of each command, the reading of their arguments and
// README's table come from it. Data only: the code behind a row is loaded when it runs.
import type { CommandExits, CommandOption, CommandRow } from "./command.ts";
import { ASK_EXIT, EXIT } from "./exit.ts";
import { SERVICE } from "./service/row.ts";
import { SETUP_OPTIONS } from "./setup/setup-options.ts";

const EXITS: CommandExits = { help: EXIT.ok, configuration: EXIT.failed, failed: EXIT.failed };
const PROJECT: CommandOption = {
  flags: "--project [folder]",
  about: "the settings of one project (.claude/settings.json there, or in the current folder), not yours",
};
const JSON_OUT = "prints the result as one JSON object";

export const COMMANDS: readonly CommandRow[] = [
  {
    name: "start",
    npm: "npm start",
    folder: "server",
    summary: "starts the server",
    notes: ["Settings come from .env and the environment; see .env.example. Ctrl-C stops it."],
    examples: [""],
    exits: { ...EXITS, configuration: EXIT.configuration },
  },
  {
    name: "setup",
    npm: "npm run setup",
    folder: "server",
    summary: "connects your real phone, step by step; run again, it repairs",
    options: SETUP_OPTIONS,
    notes: [
      "Asks only for what it does not find, checks each answer with Twilio at once, and writes .env when everything was confirmed, the test request on the phone included. Ctrl-C before that leaves everything as it was. Run again, it repairs.",
      "Secrets are never arguments: TWILIO_AUTH_TOKEN and NGROK_AUTHTOKEN are read from the environment or .env, the token also from a file or standard input.",
      "Exit codes: 0 done, 1 something is wrong and nothing was written, 64 an answer is missing and nobody can be asked, 130 stopped.",
    ],
    examples: ["", "--yes --account-sid AC… --phone +15005550006 --auth-token-stdin < token"],
    exits: EXITS,
    isInterruptible: true,
    load: async () => (await import("./setup/setup.ts")).setup,
  },
  {
    name: "demo",
    npm: "npm run demo",
    folder: "caller",
    summary: "asks for approval of a harmless command, and prints what Claude Code would read",
    options: [{ flags: "--json", about: `${JSON_OUT}: what Claude Code would read` }],
    notes: ["Needs a running server. Runs nothing, whatever you answer."],
    examples: ["", "--json"],
    exits: EXITS,
    isInterruptible: true,
    load: async () => (await import("./demo.ts")).demo,
  },
  {
    name: "doctor",
    npm: "npm run doctor",
    folder: "server",
    summary: "finds what is wrong, and says how to mend it; --fix does what is safe",
    options: [
      {
        flags: "--json",
        about: "one JSON object: {ok, checks: [{description, status, detail, advice?, fixable?, fixed?}]}",
      },
      {
        flags: "--fix",
        about:
          "puts right what is safe: rights of files, .gitignore, hooks of ours that are stale, missing templates, a sender's webhook that is empty",
      },
    ],
    notes: [
      "Changes nothing without --fix, and sends no message. Exits with 0 when there is no error, with 1 when there is one.",
    ],
    examples: ["", "--json", "--fix"],
    exits: EXITS,
    load: async () => (await import("./doctor/doctor.ts")).doctor,
  },
  {
    name: "setup-template",
    npm: "npm run setup-template",
    folder: "server",
    summary: "makes the templates now; --submit has WhatsApp approve them",
    options: [
      {
        flags: "--submit",
        about:
          "also asks WhatsApp to approve the templates, which lets messages through when the phone has not written for 24 hours; the server uses the approved ones from its next start, and looks once a day",
      },
    ],
    notes: [
      "Reads template_config.json and writes the SID of the template for a command into .env; the server finds all of them by name. Safe to run again at any time: the same content is created only once.",
      "Needs TWILIO_ACCOUNT_SID with TWILIO_AUTH_TOKEN, or with TWILIO_API_KEY_SID and TWILIO_API_KEY_SECRET, from the environment or from .env (Twilio Console → Account Info).",
    ],
    examples: ["", "--submit"],
    exits: EXITS,
    load: async () => (await import("./setup-template/setup-template.ts")).setupTemplate,
  },
  {
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
    load: async () => (await import("./hooks/hooks.ts")).hooks,
  },
  {
    name: "policy",
    npm: "npm run policy",
    folder: "server",
    summary: "checks policy.json, and says what it decides of a call: check, test",
    verbs: [
      {
        name: "check",
        summary: "names every problem of a policy file",
        arguments: [
          { name: "file", about: "the file; default: the one that the server reads", isOptional: true },
        ],
        options: [{ flags: "--json", about: `${JSON_OUT}: {ok, path, problems}` }],
      },
      {
        name: "test",
        summary: "says what the policy decides of a call, and by which rule; asks nobody",
        arguments: [{ name: "call", about: "the call as JSON, or - to read it from standard input" }],
        options: [
          { flags: "--file <file>", about: "another policy file" },
          { flags: "--project <path>", about: "where the call comes from: a folder, or a project's name" },
          {
            flags: "--door <door>",
            about: "how it comes in; default: mcp",
            choices: ["mcp", "hook", "rest"],
          },
          {
            flags: "--json",
            about: `${JSON_OUT}: {decision, rule?, reason?, message?}, or {path, problems}`,
          },
        ],
      },
    ],
    notes: ["Exits with 0 when the file is good, with 1 when it is wrong, with 2 when the settings are."],
    examples: [
      "check",
      `test '{"tool_name":"Bash","input":{"command":"npm test"}}' --project ~/code/web-shop`,
    ],
    exits: { ...EXITS, configuration: EXIT.configuration },
    load: async () => (await import("./policy/policy.ts")).policy,
  },
  {
    name: "resume",
    npm: "npm run resume",
    folder: "server",
    summary: "ends a panic or a pause",
    options: [{ flags: "--json", about: `${JSON_OUT}: {before, recorded}` }],
    notes: ["Needs a running server."],
    examples: ["", "--json"],
    exits: EXITS,
    load: async () => (await import("./resume.ts")).resume,
  },
  {
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
    load: async () => (await import("./ask/ask.ts")).ask,
  },
  {
    name: "stdio",
    folder: "caller",
    summary: "hands MCP clients over stdio on to the running server",
    notes: ["An MCP client starts it. Ends with its standard input."],
    examples: [""],
    exits: { ...EXITS, configuration: EXIT.configuration, failed: EXIT.configuration },
    load: async () => (await import("./stdio/stdio.ts")).stdio,
  },
  SERVICE,
  {
    name: "completion",
    folder: "caller",
    summary: "prints the completion for bash, zsh or fish",
    arguments: [{ name: "shell", about: "which shell: bash, zsh or fish", choices: ["bash", "zsh", "fish"] }],
    notes: [
      'bash: source <(approval-server completion bash), in ~/.bashrc. zsh: source <(approval-server completion zsh), in ~/.zshrc. fish: approval-server completion fish | source, in config.fish. bash 3.2 of macOS sources no pipe: eval "$(approval-server completion bash)".',
    ],
    examples: ["bash", "zsh", "fish"],
    exits: EXITS,
    load: async () => (await import("./completion/completion.ts")).completionOf(COMMANDS),
  },
];
