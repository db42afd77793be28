// Which of Claude Code's tools take a shell command.

/** Their input's `command` is one. */
export const SHELL_TOOLS: ReadonlySet<string> = new Set(["Bash", "Monitor"]);
