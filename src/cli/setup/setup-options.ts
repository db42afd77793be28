// The flags of setup. Data only: the table of commands reads it at every start.
import { PAIRED_CHANNELS } from "../../domain/channel.ts";
import type { CommandOption } from "../command.ts";

export const SETUP_OPTIONS: readonly CommandOption[] = [
  { flags: "--yes", about: "asks nothing: takes the default of everything that is not given" },
  {
    flags: "--channel <name>",
    about: "the way to the phone: an agent of WhatsApp, a bot of Telegram, or WhatsApp through Twilio",
    choices: [...PAIRED_CHANNELS, "whatsapp"],
  },
  { flags: "--agent-key-stdin", about: "reads the agent's key from standard input" },
  { flags: "--agent-key-file <file>", about: "reads the agent's key from a file" },
  { flags: "--bot-token-stdin", about: "reads the bot's token from standard input" },
  { flags: "--bot-token-file <file>", about: "reads the bot's token from a file" },
  { flags: "--as <name>", about: "whose chat is bound, where several people may approve" },
  { flags: "--account-sid <AC…>", about: "the Twilio account" },
  { flags: "--auth-token-stdin", about: "reads the auth token from standard input" },
  { flags: "--auth-token-file <file>", about: "reads the auth token from a file" },
  { flags: "--from <number>", about: "the WhatsApp sender: a number of the account, or sandbox" },
  { flags: "--phone <number>", about: "the phone that approves, with + and country code" },
  { flags: "--join-words <words>", about: "the two words of your Sandbox, for the link to join it" },
  { flags: "--public-url <url>", about: "the https address at which Twilio reaches this computer" },
  { flags: "--ngrok-domain <domain>", about: "your ngrok domain; needs NGROK_AUTHTOKEN" },
  { flags: "--wait <seconds>", about: "how long to wait for the phone, each time; default: 300" },
  {
    flags: "--no-test",
    about: "writes the settings without a message from the phone, a code and a test request",
  },
  { flags: "--hooks", about: "puts the hooks for interactive sessions into Claude Code's settings" },
  { flags: "--no-hooks", about: "leaves them as they are" },
  { flags: "--mcp", about: "adds the server to Claude Code's MCP servers" },
  { flags: "--no-mcp", about: "leaves them as they are" },
  { flags: "--service", about: "starts the server at every login" },
  { flags: "--no-service", about: "does not" },
  { flags: "--json", about: "prints the result as one JSON object; everything else goes to standard error" },
];
