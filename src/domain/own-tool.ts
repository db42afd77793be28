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

/** A server's name, and a tool of it that this server offers: no wildcard is one. */
const OF_SERVER = /^(?!permissions__)([A-Za-z0-9-]+(?:_[A-Za-z0-9-]+)*)__([A-Za-z0-9_-]+)$/;

/**
 * What this server offers of others, and runs itself behind its gate.
 * @returns the other server and its tool; undefined for every other name, our own tools' among them
 */
export function behindGate(toolName: string): { readonly server: string; readonly tool: string } | undefined {
  const [, server, tool] = OF_SERVER.exec(offeredToolOf(toolName) ?? "") ?? [];
  return server === undefined || tool === undefined ? undefined : { server, tool };
}

const SCRIPTS = "scripts__";

/** `deploy` → `scripts__deploy`, as clients see it. */
export function scriptToolName(script: string): string {
  return `${SCRIPTS}${script}`;
}

/** `scripts__deploy` → `deploy`; undefined for any other name. */
export function scriptOfTool(offered: string): string | undefined {
  return offered.startsWith(SCRIPTS) ? offered.slice(SCRIPTS.length) : undefined;
}

/** Whether a call of the gate's is one of a script. */
export function isScriptCall(toolName: string): boolean {
  return toolName.startsWith(ownToolName(SCRIPTS));
}
