// `npm run hooks`: puts the hooks for interactive sessions into Claude Code's settings, takes them out, or shows them.
// Reads only what it is given.

import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { styleText } from "node:util";
import { type Config, parseConfig } from "../../config/config.ts";
import { readEnvFile } from "../../config/env-file.ts";
import { ConfigError } from "../../domain/errors.ts";
import type { CommandDeps } from "../command-deps.ts";
import { localAddress } from "../local-client.ts";
import { type HookOptions, ourHooks, withOurHooks, withoutOurHooks } from "./our-hooks.ts";
import { BACKUP_SUFFIX, changeSettings } from "./settings-file.ts";

const USAGE = `Usage: npm run hooks -- install|uninstall|print [--project [FOLDER]]

  install     puts the hooks for interactive sessions into Claude Code's settings; can be run again at any time
  uninstall   takes them out again; everything else stays
  print       shows what install would put there, and changes nothing

  --project   the settings of one project (.claude/settings.json in FOLDER, or in the current folder) instead of yours
  --help      shows this text

The address is made of HOST and SERVER_PORT as the server reads them.
`;

const VERBS = ["install", "uninstall", "print"] as const;

interface Arguments {
  readonly verb: (typeof VERBS)[number];
  readonly project: boolean;
  readonly folder?: string;
}

/** Runs the command. @returns the exit code: 1 when it could not be done, 2 when it was called wrongly. */
export async function runHooks(deps: CommandDeps): Promise<number> {
  if (deps.argv.some((argument) => argument === "--help" || argument === "-h")) {
    deps.out(USAGE);
    return 0;
  }
  const wanted = readArguments(deps.argv);
  if (wanted === undefined) {
    deps.err(USAGE);
    return 2;
  }
  try {
    const env = { ...(await readEnvFile(join(deps.folder, ".env"))), ...deps.env };
    await carryOut(wanted, hookOptions(parseConfig(env)), deps);
    return 0;
  } catch (error) {
    const problems = error instanceof ConfigError ? error.problems : [String(error)];
    deps.err(problems.map((problem) => `${paint(deps, "red", "✗")} ${problem}\n`).join(""));
    return 1;
  }
}

function readArguments([verb, flag, folder, ...more]: readonly string[]): Arguments | undefined {
  const known = VERBS.find((each) => each === verb);
  if (known === undefined || more.length > 0 || (flag !== undefined && flag !== "--project"))
    return undefined;
  if (folder?.startsWith("-") || folder === "") return undefined;
  return { verb: known, project: flag !== undefined, ...(folder === undefined ? {} : { folder }) };
}

function hookOptions(config: Config): HookOptions {
  if (config.serverPort === 0) throw new ConfigError(["SERVER_PORT: must be a fixed port for the hooks"]);
  // A wildcard is an address to listen on, not one to call.
  const host = { "0.0.0.0": "127.0.0.1", "::": "::1" }[config.host] ?? config.host;
  return { origin: localAddress({ ...config, host }).url, doneMessages: config.doneMessages };
}

async function carryOut(wanted: Arguments, options: HookOptions, deps: CommandDeps): Promise<void> {
  if (wanted.verb === "print") {
    deps.out(`${JSON.stringify({ hooks: ourHooks(options) }, null, 2)}\n`);
    return;
  }
  const path = settingsPath(wanted, deps);
  const isInstall = wanted.verb === "install";
  const change = await changeSettings(path, (settings) =>
    isInstall ? withOurHooks(settings, options) : withoutOurHooks(settings, options.origin),
  );
  if (change === "none") {
    deps.out(
      `Nothing to do: ${isInstall ? "the hooks were already in" : "no hook of ours was in"} ${path}\n`,
    );
    return;
  }
  const done = isInstall ? "The hooks are in" : "The hooks are no longer in";
  deps.out(`${paint(deps, "green", "✓")} ${done} ${path} (server: ${options.origin})\n`);
  if (change === "changed") deps.out(`  What was there before the first change: ${path}${BACKUP_SUFFIX}\n`);
  if (isInstall) deps.out("  Start a new session: claude --permission-mode default\n");
}

/** Where Claude Code reads its settings; npm keeps the folder that it was called in as INIT_CWD. */
function settingsPath({ project, folder }: Arguments, { env, folder: here }: CommandDeps): string {
  const current = env["INIT_CWD"] || here;
  if (project) return join(resolve(current, folder ?? "."), ".claude", "settings.json");
  const home = env["HOME"] || homedir();
  return join(resolve(current, env["CLAUDE_CONFIG_DIR"]?.trim() || join(home, ".claude")), "settings.json");
}

function paint(deps: CommandDeps, style: "green" | "red", text: string): string {
  return deps.colour ? styleText(style, text, { validateStream: false }) : text;
}
