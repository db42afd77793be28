// The checks of what Claude Code has of this server: its version, the hooks in its settings, the entry of the MCP server.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import type { Config } from "../../config/config.ts";
import type { Check } from "../../doctor/check.ts";
import { claudeVersionCheck } from "../../doctor/claude-version.ts";
import { type HookSettings, hooksCheck, noPortCheck } from "../../doctor/hooks.ts";
import { mcpEntriesCheck } from "../../doctor/mcp-entries.ts";
import { ConfigError } from "../../domain/errors.ts";
import type { CommandContext } from "../command.ts";
import { hookOptions } from "../hooks/hooks.ts";
import {
  type ClaudeSettings,
  enabledPlugin,
  type HookOptions,
  withOurHooks,
  withoutOurHooks,
} from "../hooks/our-hooks.ts";
import { changeSettings, parseSettings } from "../hooks/settings-file.ts";
import { MCP_KEY, readMcpEntries } from "./mcp-files.ts";
import type { ServerProbe } from "./server-probe.ts";

/** How long `claude --version` may take, ms: it starts a large program. */
const VERSION_LIMIT_MS = 10_000;
/** Where a hook of ours asks: behind the name of its event, or the address of an earlier version's. */
const ORIGIN = /(?<=hook\.sh' [a-z-]+ ')https?:\/\/[\w.[\]:-]+|https?:\/\/[\w.[\]:-]+(?=\/hooks\/)/g;

export type ClaudeContext = Pick<CommandContext, "env" | "root" | "current" | "nodePath">;

export function claudeVersion(context: ClaudeContext): Check {
  return claudeVersionCheck({ print: () => claudePrints("claude", context) });
}

/** What it prints for `--version`; undefined where there is no such program. @throws when it fails or hangs */
export async function claudePrints(bin: string, { env }: ClaudeContext): Promise<string | undefined> {
  const limits = { env: { ...env }, timeout: VERSION_LIMIT_MS, killSignal: "SIGKILL" } as const;
  try {
    return (await promisify(execFile)(bin, ["--version"], limits)).stdout;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

export function claudeChecks(config: Config, context: ClaudeContext, probe: ServerProbe): Check[] {
  if (config.serverPort === 0) return [noPortCheck("hooks"), noPortCheck("MCP entry")];
  const tokens = [config.token, ...config.namedTokens.values()];
  return [
    hooks(hookOptions(config, context), context, probe),
    mcpEntriesCheck({
      read: () => readMcpEntries(settingsFolders(context), context),
      url: `http://127.0.0.1:${config.serverPort}/mcp`,
      key: MCP_KEY,
      isAuthorized: (header) =>
        config.token === undefined ||
        tokens.some((token) => token !== undefined && header === `Bearer ${token}`),
      longestMs: config.timeoutMs,
    }),
  ];
}

/** The settings files that count here, each with how our hooks stand in it. */
export function hookFiles(options: HookOptions, context: ClaudeContext): Promise<HookSettings[]> {
  const { user, project } = settingsFolders(context);
  const paths = [
    ...new Set([
      join(user, "settings.json"),
      join(project, ".claude", "settings.json"),
      join(project, ".claude", "settings.local.json"),
    ]),
  ];
  return Promise.all(paths.map((path) => readHooks(path, options)));
}

function hooks(options: HookOptions, context: ClaudeContext, probe: ServerProbe): Check {
  return hooksCheck({
    origin: options.origin,
    // Another one is named by the check of the ports.
    isServerUp: async () => (await probe.local()).kind !== "unknown",
    read: () => hookFiles(options, context),
    renew: async (path) => {
      await changeSettings(path, (settings) => withOurHooks(settings, options));
    },
  });
}

async function readHooks(path: string, options: HookOptions): Promise<HookSettings> {
  try {
    const text = await readFile(path, "utf8");
    const settings = parseSettings(path, text);
    const others = withoutOurHooks(settings, options.origin);
    const hasPlugin = enabledPlugin(settings) !== undefined;
    if (isSame(others, settings)) return { path, state: hasPlugin ? "plugin" : "none" };
    if (isSame(withOurHooks(settings, options), settings))
      return { path, state: hasPlugin ? "plugin and hooks" : "current" };
    return { path, state: "stale", elsewhere: originElsewhere(settings, options.origin) };
  } catch (error) {
    if (error instanceof Error && "code" in error && ["ENOENT", "ENOTDIR"].includes(String(error.code))) {
      return { path, state: "none" };
    }
    const words = error instanceof ConfigError ? error.problems.join("; ") : `${path} cannot be read`;
    return { path, state: "none", problem: words.replace(/: it was not touched$/, "") };
  }
}

function isSame(one: ClaudeSettings, other: ClaudeSettings): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Where hooks of ours ask instead; undefined where they ask at the right place. */
function originElsewhere(settings: ClaudeSettings, origin: string): string | undefined {
  const found = JSON.stringify(settings["hooks"] ?? {}).matchAll(ORIGIN);
  return [...found].map(([address]) => address).find((address) => address !== origin);
}

/** Where Claude Code keeps its settings, and the project that the person is in. */
function settingsFolders({ env, current }: ClaudeContext) {
  const home = env["HOME"] || homedir();
  const project = resolve(env["INIT_CWD"] || current);
  const chosen = env["CLAUDE_CONFIG_DIR"]?.trim();
  return {
    home,
    project,
    user: resolve(project, chosen || join(home, ".claude")),
    /** Its own file, beside or in that folder. */
    stateFile: chosen ? join(resolve(project, chosen), ".claude.json") : join(home, ".claude.json"),
  };
}
