// `npm run harden`: how far the server is out of the reach of the Claude that it guards, step by step, with what to paste. Changes
// nothing without --apply, and with it only the rights of files; prints no secret.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { homedir, userInfo } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { type Config, parseConfig } from "../../config/config.ts";
import type { Variables } from "../../config/read-variables.ts";
import { ownCommand } from "../../domain/own-command.ts";
import { withApprovers } from "../../server/approvers/with-approvers.ts";
import { policyContext } from "../../server/guards.ts";
import { readKnownPhones } from "../../store/examine.ts";
import { type CommandContext, type CommandInput, UsageError } from "../command.ts";
import { createPaint } from "../paint.ts";
import { UNIT } from "../service/systemd-unit.ts";
import { readSettings } from "../settings.ts";
import { claudePlaces } from "./claude-settings.ts";
import { allowRulesStep, denyRulesStep } from "./claude-steps.ts";
import { denyRules, portsOf } from "./deny-rules.ts";
import { filesStep } from "./files-step.ts";
import { ownUserStep } from "./own-user-step.ts";
import { factsOf, ownPlaces, withFoldersAbove } from "./places.ts";
import { policyStep } from "./policy-step.ts";
import { exitCode, stepLines, stepsJson, summaryOf } from "./report.ts";
import { settingsSteps } from "./settings-steps.ts";
import { startStep } from "./start-step.ts";
import { type HardenStep, seeSteps } from "./step.ts";
import { taskDirsStep } from "./task-dirs-step.ts";

const DEFAULT_PORT = 8000;

interface Agent {
  readonly name: string;
  /** Absent where the system has no such numbers. */
  readonly uid: number | undefined;
}

export async function harden({ options }: CommandInput, context: CommandContext): Promise<number> {
  const { json, agent: named } = options;
  const agent = await agentOf(typeof named === "string" ? named : undefined, context.env);
  const read = await readIfMay(context);
  const steps = await seeSteps(stepsOf(context, read, agent), options["apply"] === true);
  const paint = createPaint(context.colours.out);
  if (json) context.out(stepsJson(steps, agent.name));
  else {
    context.out(`Claude runs as ${agent.name}; the settings are in ${context.envFile}.\n\n`);
    for (const step of steps) context.out(`${stepLines(step, paint)}\n`);
    context.out(summaryOf(steps, ownCommand("harden --apply")));
  }
  return exitCode(steps);
}

/** The most important first. */
function stepsOf(
  context: CommandContext,
  read: HardenSettings | undefined,
  agent: Agent,
): readonly HardenStep[] {
  const { env, home, root, hasModes, nodePath, envFile } = context;
  const config = read?.config;
  const places = ownPlaces(config, context);
  const facts = () => factsOf(places);
  const claude = claudePlaces(context);
  const ports = config === undefined ? [DEFAULT_PORT] : portsOf(config);
  const serviceFile = serviceFilePath(env);
  const policy = config === undefined ? undefined : policyContext(config, { root, home });
  const hasTasks = config?.tasks !== undefined || config?.parking !== undefined;
  const { platform } = process;
  return [
    ownUserStep({
      agent,
      facts: () => factsOf(withFoldersAbove(places)),
      platform,
      nodePath,
      root,
      envFile,
      hasTasks,
      channels: config === undefined || config.simulation !== undefined ? [] : config.channels,
    }),
    filesStep({ hasModes, facts }),
    denyRulesStep(
      claude,
      denyRules({ places, settingsFolder: settingsFolder(context), claude, serviceFile, ports }),
    ),
    allowRulesStep(
      claude,
      policy ?? { home: homedir(), ownPaths: places.map(({ path }) => path), realPath: () => undefined },
    ),
    ...settingsSteps(
      () => read && { ...read, shellEnv: env, envFile, learnedIds: learnedIds(read.config, home.folder) },
    ),
    policyStep(config, home.folder, policy),
    taskDirsStep(config),
    startStep({ shellEnv: env, envText: () => readFile(envFile, "utf8").catch(() => ""), serviceFile }),
  ];
}

/** In a clone it is the program's own, which Claude may well read; and nobody's home folder is closed as a whole. */
function settingsFolder({ home, root, env }: CommandContext): string | undefined {
  const isAbove = (path: string) => `${path}/`.startsWith(`${home.folder}/`);
  return home.kind === "clone" || [root, env["HOME"] || homedir()].some(isAbove) ? undefined : home.folder;
}

interface HardenSettings {
  readonly config: Config;
  /** Environment and .env together. */
  readonly env: Variables;
}

/** @returns undefined where there is a .env that whoever calls this may not read. @throws ConfigError where it is wrong */
async function readIfMay(context: CommandContext): Promise<HardenSettings | undefined> {
  const code = await readFile(context.envFile).then(
    () => "",
    (error: NodeJS.ErrnoException) => error.code,
  );
  if (code === "EACCES" || code === "EPERM") return undefined;
  const env = await readSettings(context);
  return { env, config: withApprovers(parseConfig(env, context.home)) };
}

function learnedIds(config: Config, folder: string): ReadonlySet<string> {
  return new Set(readKnownPhones(resolve(folder, config.databasePath)).userIds.map(({ phone }) => phone));
}

function serviceFilePath(env: Variables): string {
  const home = env["HOME"] || homedir();
  if (process.platform === "darwin") return join(home, "Library", "LaunchAgents");
  const config = env["XDG_CONFIG_HOME"]?.startsWith("/") ? env["XDG_CONFIG_HOME"] : join(home, ".config");
  return join(config, "systemd", "user", UNIT);
}

/** @throws UsageError when there is no such user */
async function agentOf(named: string | undefined, env: Variables): Promise<Agent> {
  const own = process.getuid?.();
  if (named === undefined) {
    const before = own === 0 ? env["SUDO_USER"] : undefined;
    if (before === undefined) return { name: userInfo().username, uid: own };
    return { name: before, uid: await uidOf(before) };
  }
  return { name: named, uid: await uidOf(named) };
}

async function uidOf(name: string): Promise<number> {
  if (!/^[a-z_][\w.-]*\$?$/i.test(name)) throw new UsageError(`--agent: ${name} is no user's name`);
  try {
    return Number((await promisify(execFile)("id", ["-u", name])).stdout);
  } catch {
    throw new UsageError(`--agent: there is no user ${name} here`);
  }
}
