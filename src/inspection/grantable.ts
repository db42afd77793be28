// What a grant for a call would cover: that very command, that file, that host or that tool, or nothing. Looked at when
// the call is offered and again at each use, so that a link that was moved in between is seen. What is not listed here as
// known is refused.

import { createHash } from "node:crypto";
import { hasOnlyCommandFields } from "../domain/full-text.ts";
import type { Grantable } from "../domain/grant.ts";
import { named } from "../domain/grant.ts";
import { toolText } from "../domain/names.ts";
import { parsedUrl } from "../domain/parsed-url.ts";
import { sortedJson } from "../domain/sorted-json.ts";
import { text } from "../domain/text.ts";
import type { ToolCall } from "../domain/tool-call.ts";
import { visibleBlock } from "../domain/visible.ts";
import { runsOthers } from "../shell/programs/programs.ts";
import { isPublicHost } from "../shell/public-host.ts";
import { runsMcpCommand } from "../shell/shell-tools.ts";
import { type FileContext, grantableFile } from "./grantable-file.ts";
import type { ShellReport } from "./shell-risk.ts";

export interface GrantableContext extends FileContext {
  /** What is known of the command, where the call runs one. */
  readonly report: ShellReport | undefined;
}

/** Every field that a tool is known to take: with another one, nobody knows what the call is about. */
const FIELDS: ReadonlyMap<string, readonly string[]> = new Map([
  ["Edit", ["file_path", "old_string", "new_string", "replace_all"]],
  ["Write", ["file_path", "content"]],
  ["NotebookEdit", ["notebook_path", "cell_id", "new_source", "cell_type", "edit_mode"]],
  ["Read", ["file_path", "offset", "limit", "pages"]],
  ["WebFetch", ["url", "prompt"]],
  ["WebSearch", ["query", "allowed_domains", "blocked_domains"]],
]);

/** @returns undefined where the same call is always asked about. Never rejects. */
export async function grantableOf(call: ToolCall, context: GrantableContext): Promise<Grantable | undefined> {
  const { toolName, input } = call;
  const fields = FIELDS.get(toolName);
  if (fields !== undefined && !Object.keys(input).every((key) => fields.includes(key))) return undefined;
  switch (toolName) {
    case "Bash":
      return command(call, context);
    case "Edit":
    case "Write":
      return grantableFile("edit", input["file_path"], context);
    case "NotebookEdit":
      return grantableFile("edit", input["notebook_path"], context);
    case "Read":
      return grantableFile("read", input["file_path"], context);
    case "WebFetch":
      return host(input["url"]);
    case "WebSearch":
      return { subject: sameCall(call), what: text`this exact search`, needsFolder: false };
    default:
      // With any input, a tool that runs commands would be a shell that nobody is asked about.
      return runsMcpCommand(toolName) ? command(call, context) : mcpTool(toolName);
  }
}

/**
 * The same text again, flags and all. What the shell would only fill in when it runs (variables, wildcards, what another
 * program puts out) is refused, and so is what runs something that is decided elsewhere.
 */
function command(call: ToolCall, { report }: GrantableContext): Grantable | undefined {
  const { input } = call;
  const { command: line } = input;
  if (report === undefined || typeof line !== "string" || !hasOnlyCommandFields(input)) return undefined;
  const { parsed, risks, isPlain, isPlaceless, commands } = report;
  if (!parsed || !isPlain || risks.length > 0 || commands.some(({ name }) => runsOthers(name)))
    return undefined;
  // What a screen would not show as it is cannot be compared by eye.
  if (line !== line.trim() || visibleBlock(line) !== line) return undefined;
  return { subject: sameCall(call), what: text`this exact command`, needsFolder: !isPlaceless };
}

/** All of the input but the words that explain it: what they say changes nothing about what runs. */
function sameCall({ toolName, input }: ToolCall) {
  const { description: _, ...others } = input;
  const sha256 = createHash("sha256").update(sortedJson(others, 0)).digest("hex");
  return { kind: "call", toolName, sha256 } as const;
}

/** Whoever can fetch from a host can send to it as well, in the address: only by name, and only encrypted. */
function host(url: unknown): Grantable | undefined {
  const parsed = typeof url === "string" ? parsedUrl(url) : undefined;
  if (parsed === undefined) return undefined;
  const { protocol, hostname, host, port, username, password } = parsed;
  if (protocol !== "https:" || username !== "" || password !== "" || !isPublicHost(hostname))
    return undefined;
  return {
    subject: { kind: "host", host: `${hostname}:${port || "443"}` },
    what: text`web fetches from ${named(host)}`,
    needsFolder: false,
  };
}

const MCP_TOOL = /^mcp__([A-Za-z0-9-]+(?:_[A-Za-z0-9-]+)*)__([A-Za-z0-9_-]+)$/;

/** The approval server's own tools are never allowed wholesale. */
function mcpTool(toolName: string): Grantable | undefined {
  const [, server, tool] = MCP_TOOL.exec(toolName) ?? [];
  if (server === undefined || tool === undefined || /approval/i.test(server)) return undefined;
  return {
    subject: { kind: "tool", toolName },
    what: text`the tool ${named(toolText(toolName))}, with any input`,
    needsFolder: false,
  };
}
