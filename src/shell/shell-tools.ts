// Which of Claude Code's tools take a shell command.

/** Their input's `command` is one. */
export const SHELL_TOOLS: ReadonlySet<string> = new Set(["Bash", "Monitor"]);

/** Tools of MCP servers that say by their name that they run a command. Where they run it is not known here. */
const MCP_SHELL =
  /^mcp__.+__(bash|sh|shell|terminal|(execute|run)_(command|shell|bash|shell_command|terminal_cmd|in_terminal)|shell_exec(ute)?)$/i;

/** Whether it is such a tool. */
export function runsMcpCommand(toolName: string): boolean {
  return MCP_SHELL.test(toolName);
}

/** Whether a call of the tool with a `command` runs it in a shell, Claude Code's own tools or those of an MCP server. */
export function runsShellCommand(toolName: string): boolean {
  return SHELL_TOOLS.has(toolName) || runsMcpCommand(toolName);
}
