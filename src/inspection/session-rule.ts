// The narrowest rule that spares the person the same question for the rest of a session, or none. A rule that Claude
// Code would read as more than what the person saw is never offered: what is not listed here as safe is refused.
//
// Sources: https://code.claude.com/docs/en/permissions (rule syntax), and every form below tried with the real CLI
// 2.1.329: a rule is matched against the whole command text, where `*` stands for anything, also inside quotes.
import type { ToolCall } from "../domain/approval.ts";
import { isInterpreter } from "./code.ts";
import { fileRule } from "./file-rule.ts";
import type { ShellInspector } from "./shell-risk.ts";
import { isWrapper } from "./wrappers.ts";

/** A rule of Claude Code's `PermissionUpdate`. `ruleContent` is left out, never null, when the tool alone is named. */
interface PermissionRule {
  readonly toolName: string;
  readonly ruleContent?: string;
}

export interface SessionRule {
  readonly rule: PermissionRule;
  /** What it covers: "this exact command", "edits of src/app.ts". One visible line, but its markup is not escaped. */
  readonly text: string;
}

export interface SessionRuleContext {
  readonly shell: ShellInspector;
  /** The person's home folder, absolute. */
  readonly home: string;
  /** Absolute paths of the approval server's files and folders. */
  readonly ownPaths: readonly string[];
  /** The caller's folder, absolute; only shortens what is shown, and places a command's relative paths. */
  readonly cwd?: string;
  /** Whether there is a folder of this name. Default: asks the file system. */
  readonly isFolder?: (path: string) => boolean;
}

/** @returns undefined when there is no rule that is safe and can be expressed: then the person is asked each time. */
export function sessionRule(call: ToolCall, context: SessionRuleContext): SessionRule | undefined {
  const { toolName, input } = call;
  switch (toolName) {
    case "Bash":
      return commandRule(input, context);
    case "Edit":
    case "Write":
      return fileRule("Edit", input["file_path"], context);
    case "NotebookEdit":
      return fileRule("Edit", input["notebook_path"], context);
    case "Read":
      return fileRule("Read", input["file_path"], context);
    case "WebFetch":
      return domainRule(input["url"]);
    case "WebSearch":
      return { rule: { toolName }, text: "web searches" };
    default:
      return mcpRule(toolName);
  }
}

/**
 * Letters, digits and these, whatever quotes they stand in. Refused among others, with what the CLI does:
 * `*` widens the rule, also in quotes; `\` escapes; `$ ? [ ] ~ #` are never matched, so the rule would do nothing;
 * `( ) { }` have a history of being read as the rule's own (claude-code#32876, #33827, #46785);
 * `! < > | & ;` and the backtick mean something to the shell. Beyond ASCII, two texts can look the same.
 */
const EXACT_COMMAND = /^[A-Za-z0-9 _./:=,@+%'"-]+$/;
/** Longer than this, nobody compares it by eye. UTF-16 units. */
const MAX_COMMAND_LENGTH = 300;

/**
 * Claude Code also takes as the same command: `timeout 5 X`, `nohup X`, `X 2>&1`, X joined with commands that only
 * read, and X in the background; not `X > file`, `X arg`, `VAR=1 X`.
 */
function commandRule(input: ToolCall["input"], { shell, cwd }: SessionRuleContext): SessionRule | undefined {
  const { command } = input;
  if (typeof command !== "string" || command !== command.trim() || command.length > MAX_COMMAND_LENGTH)
    return undefined;
  // Out of the sandbox is a decision of its own, and the rule would not be tied to it.
  if (input["dangerouslyDisableSandbox"] !== undefined && input["dangerouslyDisableSandbox"] !== false)
    return undefined;
  if (!EXACT_COMMAND.test(command)) return undefined;
  const { parsed, risks, single, commands } = shell.inspect(command, cwd);
  const [only, ...others] = commands;
  if (!parsed || !single || risks.length > 0 || only === undefined || others.length > 0) return undefined;
  if (runsOthers(only.name)) return undefined;
  return { rule: { toolName: "Bash", ruleContent: command }, text: "this exact command" };
}

const RUNS_OTHERS = /^(ssh|mosh|script|docker|podman|kubectl|find|fd|fdfind)$/;

/** What these run is decided elsewhere: in a file, in a registry, in the rest of the line. */
export function runsOthers(name: string): boolean {
  return isInterpreter(name) || isWrapper(name) || RUNS_OTHERS.test(name);
}

/** Ends of names that mean this machine or the network at home. */
const LOCAL_NAME = /(^|\.)(localhost|local|internal|intranet|lan|home|corp|test|invalid|example|home\.arpa)$/;
const HOST = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63}|xn--[a-z0-9-]{2,59})$/;

/** Whether a host is a name, and not one of this machine or the network at home. @param host in lower case */
export function isPublicHost(host: string): boolean {
  return HOST.test(host) && !LOCAL_NAME.test(host);
}

/** The CLI matches the host exactly, not its subdomains, and with any scheme, port and path. */
function domainRule(url: unknown): SessionRule | undefined {
  if (typeof url !== "string" || !URL.canParse(url)) return undefined;
  const { protocol, hostname, port, username, password } = new URL(url);
  if ((protocol !== "https:" && protocol !== "http:") || port !== "" || username !== "" || password !== "")
    return undefined;
  if (!isPublicHost(hostname)) return undefined;
  return {
    rule: { toolName: "WebFetch", ruleContent: `domain:${hostname}` },
    text: `web fetches from ${hostname}`,
  };
}

const MCP_TOOL = /^mcp__([A-Za-z0-9-]+(?:_[A-Za-z0-9-]+)*)__([A-Za-z0-9_-]+)$/;

/** A rule for an MCP tool cannot be tied to its input. The approval server's own tools are never allowed wholesale. */
function mcpRule(toolName: string): SessionRule | undefined {
  const [, server, tool] = MCP_TOOL.exec(toolName) ?? [];
  if (server === undefined || tool === undefined || /approval/i.test(server)) return undefined;
  return { rule: { toolName }, text: `the tool ${server} › ${tool}, with any input` };
}
