// `approval-server service`: keeps the server running as a service of the user, without root, with systemd or launchd.
import { homedir } from "node:os";
import { ConfigError } from "../../domain/errors.ts";
import { type CommandContext, type CommandInput, UsageError } from "../command.ts";
import { EXIT } from "../exit.ts";
import { ServerError } from "../local-client.ts";
import { install } from "./install.ts";
import { createLaunchd } from "./launchd.ts";
import type { ServiceManager } from "./manager.ts";
import { servicePlan } from "./plan.ts";
import { createPrograms, type Programs } from "./programs.ts";
import { status } from "./status.ts";
import { createSystemd } from "./systemd.ts";
import { uninstall } from "./uninstall.ts";

const MAX_LINES = 100_000;
const DEFAULT_LINES = 100;
/** Which service manager a system has. */
const SYSTEMS: Readonly<Partial<Record<NodeJS.Platform, string>>> = { linux: "systemd", darwin: "launchd" };

export async function service(input: CommandInput, context: CommandContext): Promise<number> {
  const uid = process.getuid?.();
  const programs = createPrograms(context, uid);
  const manager = managerOf(input, context, programs, uid);
  switch (input.verb) {
    case "install":
      if (input.options["print"] === true) {
        context.out(await manager.text(servicePlan(context, process.execPath)));
        return EXIT.ok;
      }
      refuseSudo(uid, context);
      return install(manager, servicePlan(context, process.execPath), programs, context);
    case "uninstall":
      refuseSudo(uid, context);
      return uninstall(manager, context);
    case "status":
      return status(manager, servicePlan(context, process.execPath), context, input.options["json"] === true);
    default:
      return showLog(manager, programs, input, context);
  }
}

function managerOf(
  { options }: CommandInput,
  context: CommandContext,
  programs: Programs,
  uid: number | undefined,
): ServiceManager {
  const { env, clock } = context;
  const system = options["system"] ?? SYSTEMS[process.platform];
  const home = env["HOME"] || homedir();
  if (system === "launchd") return createLaunchd({ programs, home, uid: uid ?? 0, clock });
  if (system === "systemd") {
    const { command } = servicePlan(context, process.execPath);
    const startLine = command.map((word) =>
      /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`,
    );
    return createSystemd({ programs, home, uid: uid ?? 0, env, startLine: startLine.join(" ") });
  }
  throw new ServerError(
    "A service can be installed on Linux with systemd and on macOS.",
    "On Windows, run the server in WSL 2 with systemd.",
  );
}

/** The service would be root's, with root's settings. */
function refuseSudo(uid: number | undefined, { env }: CommandContext): void {
  if (uid === 0 && env["SUDO_USER"]) {
    throw new ConfigError([
      "This must not run with sudo: the service belongs to the user who runs Claude Code, and needs no root.",
    ]);
  }
}

async function showLog(
  manager: ServiceManager,
  programs: Programs,
  { options }: CommandInput,
  { err }: CommandContext,
): Promise<number> {
  const lines = Number(options["lines"] ?? DEFAULT_LINES);
  if (!Number.isInteger(lines) || lines < 1 || lines > MAX_LINES) {
    throw new UsageError(`--lines must be a whole number from 1 to ${MAX_LINES.toLocaleString("en")}.`);
  }
  const command = manager.logCommand({ lines, follow: options["follow"] === true });
  const { code, isMissing, stdout } = await programs.show(command);
  if (isMissing) throw new ServerError(`There is no ${command[0]} here to read the log with.`);
  if (code === 0 && stdout === "") err("There is nothing in the log, or nothing that you may read.\n");
  if (code !== 0) err(`${command[0]} ended with ${code ?? "a signal"}.\n`);
  return code === 0 ? EXIT.ok : EXIT.failed;
}
