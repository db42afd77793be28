// The table of commands. `approval-server --help`, the help and the usage of each command, the reading of their arguments and
// README's table come from it. Data only: the code behind a row is loaded when it runs.
import { ASK } from "./ask/row.ts";
import { AUDIT, BACKUP, PURGE } from "./audit/row.ts";
import type { CommandRow } from "./command.ts";
import { EXIT } from "./exit.ts";
import { GATEWAY } from "./gateway/row.ts";
import { HARDEN } from "./harden/row.ts";
import { HOOKS } from "./hooks/row.ts";
import { PAIR } from "./pair/row.ts";
import { POLICY } from "./policy/row.ts";
import { LOG, STATUS } from "./record/row.ts";
import { EXITS, JSON_OUT } from "./row-parts.ts";
import { SERVICE } from "./service/row.ts";
import { SETUP_OPTIONS } from "./setup/setup-options.ts";

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
    needsNoHome: true,
    summary: "connects your real phone; run again, it repairs",
    options: SETUP_OPTIONS,
    notes: [
      "Asks which way to your phone, and for what it does not find; has each answer checked by Twilio, WhatsApp or Telegram at once, and writes .env when everything was confirmed, the test request on the phone included. Ctrl-C before that leaves everything as it was. Run again, it repairs, or adds another channel.",
      "Secrets are never arguments: TWILIO_AUTH_TOKEN, WHATSAPP_AGENT_KEY, TELEGRAM_BOT_TOKEN and NGROK_AUTHTOKEN are read from the environment or .env, the first three also from a file or standard input. The code that binds a chat is shown on a terminal only.",
      "Exit codes: 0 done, 1 something is wrong and nothing was written, 64 an answer is missing and nobody can be asked, 130 stopped.",
    ],
    examples: [
      "",
      "--channel telegram",
      "--yes --account-sid AC… --phone +15005550006 --auth-token-stdin < token",
    ],
    exits: EXITS,
    isInterruptible: true,
    load: async () => (await import("./setup/setup.ts")).setup,
  },
  {
    name: "demo",
    npm: "npm run demo",
    folder: "caller",
    summary: "asks for something harmless, and prints what Claude Code would read",
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
    summary: "finds what is wrong and how to mend it; --fix does what is safe",
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
  HARDEN,
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
  STATUS,
  LOG,
  AUDIT,
  PURGE,
  BACKUP,
  POLICY,
  GATEWAY,
  HOOKS,
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
  PAIR,
  ASK,
  {
    name: "stdio",
    folder: "caller",
    summary: "hands MCP clients over stdio on to the running server",
    notes: ["An MCP client starts it. Ends with its standard input."],
    examples: [""],
    exits: { ...EXITS, configuration: EXIT.configuration, failed: EXIT.configuration },
    load: async () => (await import("./stdio/stdio.ts")).stdio,
  },
  {
    name: "wait-reply",
    folder: "server",
    needsNoHome: true,
    summary: "a Stop hook: hands Claude your reply",
    notes: [
      "For a Stop hook of your own, with asyncRewake: true; hooks install brings one where CONTINUE_MINUTES is set. Reads the hook's event from standard input and waits. Exit codes: 2 with your words on standard error, 0 without anything when none come.",
    ],
    examples: [""],
    exits: EXITS,
    load: async () => (await import("./wait-reply.ts")).waitReply,
  },
  SERVICE,
  {
    name: "completion",
    folder: "caller",
    summary: "prints the completion for bash, zsh or fish",
    arguments: [{ name: "shell", about: "the shell (bash, zsh or fish)", choices: ["bash", "zsh", "fish"] }],
    notes: [
      'bash: source <(approval-server completion bash), in ~/.bashrc. zsh: source <(approval-server completion zsh), in ~/.zshrc. fish: approval-server completion fish | source, in config.fish. bash 3.2 of macOS sources no pipe: eval "$(approval-server completion bash)".',
    ],
    examples: ["bash", "zsh", "fish"],
    exits: EXITS,
    load: async () => (await import("./completion/completion.ts")).completionOf(COMMANDS),
  },
];
