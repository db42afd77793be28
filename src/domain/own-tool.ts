// The names of this server's own tools, as Claude Code has them: behind the key of the entry in its configuration.

/** By the documented entry. The policy and the phone name a tool so, whichever entry it came by. */
const PREFIX = "mcp__approval-server__";
/** By the plugin's entry. */
const PLUGIN_PREFIX = "mcp__plugin_approvals_approval-server__";

/** `fs__write_file` → `mcp__approval-server__fs__write_file`. */
export function ownToolName(offered: string): string {
  return `${PREFIX}${offered}`;
}

/** The same backwards, for either entry; undefined where the name is not of that form. */
export function offeredToolOf(toolName: string): string | undefined {
  const prefix = [PREFIX, PLUGIN_PREFIX].find((each) => toolName.startsWith(each));
  return prefix === undefined ? undefined : toolName.slice(prefix.length);
}
