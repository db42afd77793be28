// Installs what several files of these tests use, once and before any of them: Claude Code and the MCP project's own programs.
import { ensureClaudeCli } from "./claude-cli.ts";
import { ensureConformance, ensureInspector, ensureServer } from "./mcp-tools.ts";

/** One after another: they share npm's cache and a folder. @throws Error when one cannot be had */
export default async function installTools(): Promise<void> {
  await ensureClaudeCli();
  await ensureInspector();
  await ensureConformance();
  await ensureServer("everything");
  await ensureServer("filesystem");
}
