// How the gate, the policy and the phone name a tool that this server offers and runs itself: as Claude Code does where the
// server is set up as documented, so that both of its questions about one call are about the same tool.

const PREFIX = "mcp__approval-server__";
const SCRIPTS = "scripts__";

/** `scripts__deploy` → `mcp__approval-server__scripts__deploy`. */
export function ownToolName(offered: string): string {
  return `${PREFIX}${offered}`;
}

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
