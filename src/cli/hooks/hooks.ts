// `npm run hooks`: puts the hooks for interactive sessions into Claude Code's settings, takes them out, or shows them.
import { statSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { Config } from "../../config/config.ts";
import { ConfigError } from "../../domain/errors.ts";
import { type CommandContext, type CommandInput, UsageError } from "../command.ts";
import { EXIT } from "../exit.ts";
import { localAddress } from "../local-client.ts";
import { createPaint } from "../paint.ts";
import { readConfig } from "../settings.ts";
import { enabledPlugin, type HookOptions, ourHooks, withOurHooks, withoutOurHooks } from "./our-hooks.ts";
import { BACKUP_SUFFIX, changeSettings } from "./settings-file.ts";

export async function hooks(input: CommandInput, context: CommandContext): Promise<number> {
  const path = settingsPath(input, context);
  const options = hookOptions(await readConfig(context), context);
  if (input.verb === "print") context.out(`${JSON.stringify({ hooks: ourHooks(options) }, null, 2)}\n`);
  else await change(input.verb === "install", path, options, context);
  return EXIT.ok;
}

/** What the hooks have to know of the server and of this package. @throws ConfigError where they cannot know its port */
export function hookOptions(
  config: Config,
  { root, nodePath: node }: Pick<CommandContext, "root" | "nodePath">,
): HookOptions {
  if (config.serverPort === 0) throw new ConfigError(["SERVER_PORT: must be a fixed port for the hooks"]);
  // A wildcard is an address to listen on, not one to call.
  const host = { "0.0.0.0": "127.0.0.1", "::": "::1" }[config.host] ?? config.host;
  const { url: origin } = localAddress({ ...config, host });
  return {
    ...{ origin, root, node, doneMessages: config.doneMessages },
    waitsForReply: config.continueMs > 0,
    parking: config.parking !== undefined,
  };
}

async function change(
  isInstall: boolean,
  path: string,
  options: HookOptions,
  { out, colours }: CommandContext,
): Promise<void> {
  let plugin: string | undefined;
  const made = await changeSettings(path, (settings) => {
    plugin = enabledPlugin(settings);
    return isInstall ? withOurHooks(settings, options) : withoutOurHooks(settings, options.origin);
  });
  if (plugin !== undefined && isInstall)
    out(
      `  The plugin ${plugin} brings these hooks too. Each call is still asked about once; one of the two is enough.\n`,
    );
  if (made === "none") {
    out(`Nothing to do: ${isInstall ? "the hooks were already in" : "no hook of ours was in"} ${path}\n`);
    return;
  }
  const done = isInstall ? "The hooks are in" : "The hooks are no longer in";
  out(`${createPaint(colours.out)("green", "✓")} ${done} ${path} (server: ${options.origin})\n`);
  if (made === "changed") out(`  What was there before the first change: ${path}${BACKUP_SUFFIX}\n`);
  if (isInstall) out("  Start a new session: claude --permission-mode default\n");
}

/** Where Claude Code reads its settings; npm keeps the folder that it was called in as INIT_CWD. */
function settingsPath({ options }: CommandInput, { env, folder }: CommandContext): string {
  const current = env["INIT_CWD"] || folder;
  const { project } = options;
  if (project === "") throw new UsageError("--project: the folder's name is empty.");
  if (project !== undefined) {
    const folder = resolve(current, project === true ? "." : project);
    // A misspelt one would be made, with hooks that nobody ever reads.
    if (!isFolder(folder)) throw new UsageError(`--project: ${folder} is not a folder.`);
    return join(folder, ".claude", "settings.json");
  }
  const home = env["HOME"] || homedir();
  return join(resolve(current, env["CLAUDE_CONFIG_DIR"]?.trim() || join(home, ".claude")), "settings.json");
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
