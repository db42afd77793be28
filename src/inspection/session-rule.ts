// The narrowest rule that spares the person the same question for the rest of a session, or none. A rule that Claude
// Code would read as more than what the person saw is never offered: what is not listed here as safe is refused.
//
// Sources: https://code.claude.com/docs/en/permissions (rule syntax), and every form below tried with the real CLI
// 2.1.329: a rule is matched against the whole command text, where `*` stands for anything, also inside quotes.

import type { SessionOffer } from "../domain/inspection.ts";
import type { ToolCall } from "../domain/tool-call.ts";
import { runsOthers } from "../shell/programs/programs.ts";
import { isPublicHost } from "../shell/public-host.ts";
import { type FileRuleContext, fileRule } from "./file-rule.ts";
import type { ShellInspector } from "./shell-risk.ts";

export interface SessionRuleContext extends FileRuleContext {
  readonly shell: ShellInspector;
}

/** @returns undefined when there is no rule that is safe and can be expressed: then the person is asked each time. */
export function sessionRule(call: ToolCall, context: SessionRuleContext): SessionOffer | undefined {
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
function commandRule(input: ToolCall["input"], { shell, cwd }: SessionRuleContext): SessionOffer | undefined {
  const { command } = input;
  if (typeof command !== "string" || command !== command.trim() || command.length > MAX_COMMAND_LENGTH)
    return undefined;
  // Leaving the sandbox is a separate decision, and the rule would not be tied to it.
  if (input["dangerouslyDisableSandbox"] !== undefined && input["dangerouslyDisableSandbox"] !== false)
    return undefined;
  if (!EXACT_COMMAND.test(command)) return undefined;
  const { parsed, risks, single, commands } = shell.inspect(command, cwd);
  const [only, ...others] = commands;
  if (!parsed || !single || risks.length > 0 || only === undefined || others.length > 0) return undefined;
  if (runsOthers(only.name)) return undefined;
  return { rule: { toolName: "Bash", ruleContent: command }, text: "this exact command" };
}

/** The CLI matches the host exactly, not its subdomains, and with any scheme, port and path. */
function domainRule(url: unknown): SessionOffer | undefined {
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
function mcpRule(toolName: string): SessionOffer | undefined {
  const [, server, tool] = MCP_TOOL.exec(toolName) ?? [];
  if (server === undefined || tool === undefined || /approval/i.test(server)) return undefined;
  return { rule: { toolName }, text: `the tool ${server} › ${tool}, with any input` };
}
