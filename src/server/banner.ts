// What `npm start` prints once it listens: where the phone is, what to configure, what to paste.

import { join } from "node:path";
import { styleText } from "node:util";
import type { Config } from "../config/config.ts";
import { SANDBOX_SENDER } from "../config/environment.ts";
import type { Home } from "../config/home.ts";
import { pairCommands } from "../domain/approver-places.ts";
import { CHANNEL_TITLES, channelOf, channelsText, PAIRED_CHANNELS } from "../domain/channel.ts";
import { phoneText } from "../domain/names.ts";
import { installationOf, ownCommand, shellWord } from "../domain/own-command.ts";
import { duration } from "../domain/time-words.ts";
import type { Phone } from "../domain/tool-call.ts";
import { PERMISSION_TOOL } from "../doors/mcp/tool-table.ts";
import type { LiveFinding } from "./live-check.ts";
import type { ApprovalServer } from "./server-contract.ts";
import { KEYS_TEXT } from "./terminal-keys.ts";

export interface BannerOptions {
  readonly version: string;
  /** Folder of package.json. */
  readonly root: string;
  readonly home: Pick<Home, "envFile">;
  readonly colours: boolean;
  /** What Twilio says of the settings; absent with the simulated phone. */
  readonly live?: LiveFinding | undefined;
  /** What is wrong with the settings without keeping the server from starting. */
  readonly warnings?: readonly string[] | undefined;
  /** How wide the terminal is; absent where it is none: then nothing is wrapped. */
  readonly columns?: number | undefined;
  /** Whether that file is there. Default: yes */
  readonly hasEnvFile?: boolean | undefined;
  /** Whether keys are read. */
  readonly hasKeys?: boolean | undefined;
}

const DEFAULT_SERVER_PORT = 8000;

export function startText(config: Config, server: ApprovalServer, options: BannerOptions): string {
  const { version, root, home, colours, live, columns, hasKeys = false, hasEnvFile = true } = options;
  const paint = (style: Style, text: string) =>
    colours ? styleText(style, text, { validateStream: false }) : text;
  const row = (label: string, text: string, style?: Style) =>
    wrapped(text, columns)
      .map((line, index) => {
        const head = paint("bold", (index === 0 ? label : "").padEnd(LABEL_WIDTH));
        return `  ${head} ${style === undefined ? line : paint(style, line)}`;
      })
      .join("\n");
  const approving = server.firstPairing.approving?.();
  const warnings = [
    ...(config.verifyReplies === "off" && config.channels.includes("whatsapp")
      ? ["VERIFY_REPLIES is off: whoever can read TWILIO_AUTH_TOKEN can approve"]
      : []),
    ...(options.warnings ?? []),
  ];
  const lines = [
    paint("green", `Approval server ${version} is listening.`),
    "",
    ...phoneRows(config, server).map(([label, text]) => row(label, text)),
    ...channelRows(config, approving).map(([label, text]) => row(label, text)),
    ...(live === undefined ? [] : liveRows(live).map((each) => row(...each))),
    row("Record", `${server.localUrl} (what waits, what was decided; read-only)`),
    row("MCP", `${server.localUrl}/mcp`),
    row(
      "Requests",
      `are denied after ${duration(config.timeoutMs)} without an answer; recorded in ${config.databasePath}`,
    ),
    row("Settings", hasEnvFile ? home.envFile : `no ${home.envFile}: the environment and the defaults`),
    ...warnings.map((warning) => row("Warning", warning, "yellow")),
    "",
    ...(approving?.length === 0
      ? wrapped(nobodyText(config), columns, 0)
      : [
          ...wrapped(
            `Try it in a second terminal${installationOf(import.meta.url) === "clone" ? ", in this folder" : ""}:`,
            columns,
            0,
          ),
          `  ${ownCommand("demo")}`,
          "or run Claude Code in any project:",
          `  ${paint("cyan", claudeLine(config, server, root))}`,
        ]),
    "",
    ...(hasKeys ? [...wrapped(KEYS_TEXT, columns, 0), ""] : []),
  ];
  return `${lines.join("\n")}\n`;
}

type Style = Parameters<typeof styleText>[0];

const LABEL_WIDTH = 10;
const LIVE_STYLES = { ok: undefined, warning: "yellow", error: "red" } as const;

function liveRows({ status, text, advice }: LiveFinding): [string, string, Style | undefined][] {
  const style = LIVE_STYLES[status];
  return [["Twilio", text, style], ...(advice === undefined ? [] : [adviceRow(advice, style)])];
}

const adviceRow = (advice: string, style: Style | undefined): [string, string, Style | undefined] => [
  "",
  `→ ${advice}`,
  style,
];

/** Broken between words; what has no blank in it, such as an address, stays whole. @param indent of each line */
function wrapped(text: string, columns: number | undefined, indent = LABEL_WIDTH + 3): string[] {
  if (columns === undefined) return [text];
  const width = Math.max(MIN_WIDTH, columns - indent);
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** A terminal that is narrower wraps by itself. */
const MIN_WIDTH = 20;

function phoneRows(
  { phone, simulation, approvers, channels }: Config,
  server: ApprovalServer,
): [string, string][] {
  if (simulation !== undefined) {
    const what = `simulated ${channelsText(simulation.channels, "and")}`;
    const open = "open it in a browser; anyone on this machine can tap there";
    const webhook = `${server.webhookUrl} (the simulated phone posts there; nothing to configure)`;
    return [
      ["Phone", `${server.simulator?.url} (${what}: ${open})`],
      ...(phone.kind === "simulator" ? [["Webhook", webhook] satisfies [string, string]] : []),
    ];
  }
  if (phone.kind !== "twilio" || !channels.includes("whatsapp")) return [];
  const { from } = phone.twilio;
  const sender = from === SANDBOX_SENDER ? "the WhatsApp Sandbox" : from.replace("whatsapp:", "");
  return [
    ["Phone", `${approvers.join(", ")}, asked by ${sender}`],
    server.hasWebhook
      ? ["Webhook", `${server.webhookUrl} (set it at Twilio: "When a message comes in", POST)`]
      : ["Replies", "are fetched from Twilio every 2 s while something waits (no PUBLIC_URL, no tunnel)"],
  ];
}

/** More than these are counted. */
const MAX_CHATS = 5;

/** @param approving every address that may approve; undefined: not known */
function channelRows(
  { channels, simulation }: Config,
  approving: readonly Phone[] | undefined,
): [string, string][] {
  if (simulation !== undefined) return [];
  const list = ownCommand("pair --list");
  return channels
    .filter((name) => name !== "whatsapp")
    .map((name) => {
      const bound = approving?.filter((address) => channelOf(address) === name);
      const title = CHANNEL_TITLES[name];
      if (bound === undefined) return ["Channel", `${title} (who is bound: ${list})`];
      if (bound.length === 0) return ["Channel", `${title}: nobody may approve there yet`];
      const more = bound.length > MAX_CHATS ? `, and ${bound.length - MAX_CHATS} more` : "";
      // Each already says its channel.
      return ["Channel", `${bound.slice(0, MAX_CHATS).map(phoneText).join(", ")}${more} (${list})`];
    });
}

/** What there is to do where whatever asks is denied. */
function nobodyText({ channels }: Config): string {
  const paired = PAIRED_CHANNELS.filter((name) => channels.includes(name));
  return `Nobody may approve yet, so everything that asks is denied. Bind a chat first: a server that is started in a terminal shows a code; while none runs, so does ${pairCommands(paired)}.`;
}

/** The exact line to paste. The port and the token come from the launching shell, never from this text. */
function claudeLine(config: Config, server: ApprovalServer, root: string): string {
  const port = new URL(server.localUrl).port;
  const environment = [
    ...(port === String(DEFAULT_SERVER_PORT) ? [] : [`SERVER_PORT=${port}`]),
    ...(config.token === undefined ? [] : ['APPROVAL_TOKEN="<your token>"']),
  ];
  const tool = `mcp__approval-server__${PERMISSION_TOOL}`;
  const file = shellWord(join(root, "mcp-servers.json"));
  return [...environment, `claude --mcp-config ${file} --permission-prompt-tool ${tool} -p "list /etc"`].join(
    " ",
  );
}
