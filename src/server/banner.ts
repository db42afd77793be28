// What `npm start` prints once it listens: where the phone is, what to configure, what to paste.

import { join } from "node:path";
import { styleText } from "node:util";
import type { Config } from "../config/config.ts";
import { SANDBOX_SENDER } from "../config/environment.ts";
import { ownCommand } from "../domain/own-command.ts";
import { duration } from "../domain/time-words.ts";
import { PERMISSION_TOOL } from "../doors/mcp/permission-tool.ts";
import type { ApprovalServer } from "./create-server.ts";

export interface BannerOptions {
  readonly version: string;
  /** Folder of package.json. */
  readonly root: string;
  readonly colours: boolean;
}

const DEFAULT_SERVER_PORT = 8000;

export function startText(
  config: Config,
  server: ApprovalServer,
  { version, root, colours }: BannerOptions,
): string {
  const paint = (style: Parameters<typeof styleText>[0], text: string) =>
    colours ? styleText(style, text) : text;
  const row = (label: string, text: string) => `  ${paint("bold", label.padEnd(10))} ${text}`;
  const lines = [
    paint("green", `Approval server ${version} is listening.`),
    "",
    ...phoneRows(config, server).map(([label, text]) => row(label, text)),
    row("MCP", `${server.localUrl}/mcp`),
    row(
      "Requests",
      `are denied after ${duration(config.timeoutMs)} without an answer; recorded in ${config.databasePath}`,
    ),
    ...(config.verifyReplies === "off"
      ? [
          row(
            "Warning",
            paint("yellow", "VERIFY_REPLIES is off: whoever can read TWILIO_AUTH_TOKEN can approve"),
          ),
        ]
      : []),
    "",
    ...server.missingTemplates
      .slice(0, 1)
      .map(
        () =>
          `${paint("yellow", "No buttons yet:")} the templates could not be found or made at Twilio; it is tried again. See: ${ownCommand("doctor")}\n`,
      ),
    "Try it in a second terminal, in this folder:",
    `  ${ownCommand("demo")}`,
    "or run Claude Code in any project:",
    `  ${paint("cyan", claudeLine(config, server, root))}`,
    "",
  ];
  return `${lines.join("\n")}\n`;
}

function phoneRows({ phone, approvers }: Config, server: ApprovalServer): [string, string][] {
  if (phone.kind === "simulator") {
    return [
      [
        "Phone",
        `${server.simulator?.url} (simulated: open it in a browser; anyone on this machine can tap there)`,
      ],
      ["Webhook", `${server.webhookUrl} (the simulated phone posts there; nothing to configure)`],
    ];
  }
  const { from } = phone.twilio;
  const sender = from === SANDBOX_SENDER ? "the WhatsApp Sandbox" : from.replace("whatsapp:", "");
  return [
    ["Phone", `${approvers.join(", ")}, asked by ${sender}`],
    server.hasWebhook
      ? ["Webhook", `${server.webhookUrl} (set it at Twilio: "When a message comes in", POST)`]
      : ["Replies", "are fetched from Twilio every 2 s while something waits (no PUBLIC_URL, no tunnel)"],
  ];
}

/** The exact line to paste. The port and the token come from the launching shell, never from this text. */
function claudeLine(config: Config, server: ApprovalServer, root: string): string {
  const port = new URL(server.localUrl).port;
  const environment = [
    ...(port === String(DEFAULT_SERVER_PORT) ? [] : [`SERVER_PORT=${port}`]),
    ...(config.token === undefined ? [] : ['APPROVAL_TOKEN="<your token>"']),
  ];
  const tool = `mcp__approval-server__${PERMISSION_TOOL}`;
  const file = quote(join(root, "mcp-servers.json"));
  return [...environment, `claude --mcp-config ${file} --permission-prompt-tool ${tool} -p "list /etc"`].join(
    " ",
  );
}

function quote(path: string): string {
  return /^[\w./@-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
