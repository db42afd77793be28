// Gives a command of src/cli its process: the environment, the streams, the signals, and the end with its exit code. The one
// place that all the scripts share; decides nothing.
import type { CommandContext } from "../src/cli/command.ts";
import { type CommandCall, type LineNotice, readCommandLine } from "../src/cli/command-line.ts";
import { ASK_EXIT, EXIT } from "../src/cli/exit.ts";
import { failureText } from "../src/cli/failure.ts";
import { createPaint, mayBeColoured } from "../src/cli/paint.ts";
import { runCommand } from "../src/cli/run-command.ts";
import { findHome, type Home, homeIn } from "../src/config/home.ts";
import { ConfigError } from "../src/domain/errors.ts";
import { nameFolderInCommands } from "../src/domain/own-command.ts";
import { sendTo } from "../src/server/output.ts";
import { packageRoot, packageVersion, systemClock } from "../src/server/system.ts";

/** The folders that a command is started with. */
export interface StartFolders {
  /** Where the person is. */
  readonly current: string;
  /** The clone's own folder, where this is one. */
  readonly clone: string;
}

/** `npm run <name> -- …`: npm starts it in the package's folder, and keeps the one that it was called in as INIT_CWD. */
export function runNpm(name: string): Promise<never> {
  const line = readCommandLine([name, ...process.argv.slice(2)], { start: "npm", version: packageVersion() });
  const clone = process.cwd();
  return runLine(line, { current: process.env["INIT_CWD"] || clone, clone });
}

/** Runs what was read, and ends the process. */
export async function runLine(line: CommandCall | LineNotice, folders: StartFolders): Promise<never> {
  // Whatever goes wrong before the answer is no approval.
  process.exitCode = ASK_EXIT.unavailable;
  // A full disk or a reader that has gone ends no command half-way; what could not be printed was not told.
  let isTold = true;
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // A reader that has gone, as head does, has what it wanted; any other loss is said.
    if (isTold && error.code !== "EPIPE")
      process.stderr.write(`The output could not be written: ${error.message}.\n`);
    isTold = false;
  });
  process.stderr.on("error", () => {});
  const isInterruptible = line.kind === "call" && line.command.isInterruptible === true;
  const signal = isInterruptible ? interruption() : new AbortController().signal;
  const code = await runInHome(line, folders, signal);
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  // What is still open would hold the process: the connections of stdio, a check that never ended.
  const untold = line.kind === "call" ? line.command.exits.failed : EXIT.failed;
  process.exit(isTold || code !== EXIT.ok ? code : untold);
}

async function runInHome(
  line: CommandCall | LineNotice,
  { current, clone }: StartFolders,
  signal: AbortSignal,
): Promise<number> {
  const { env, stderr } = process;
  // Nothing is read for a notice.
  if (line.kind === "notice")
    return runCommand(line, contextOf(homeIn(clone, "clone"), current, current, signal));
  try {
    const home = findHome({ dir: line.dir, env, current, clone });
    if (line.dir !== undefined) nameFolderInCommands(home.folder);
    const folder = line.command.folder === "server" ? home.folder : process.cwd();
    return await runCommand(line, contextOf(home, folder, current, signal));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    stderr.write(failureText(error, createPaint(mayBeColoured(stderr, env))));
    return line.command.exits.configuration;
  }
}

function contextOf(home: Home, folder: string, current: string, signal: AbortSignal): CommandContext {
  const { env, stdin, stdout, stderr, version, platform, execPath } = process;
  return {
    env,
    home,
    envFile: home.envFile,
    folder,
    current,
    root: packageRoot(),
    stdin,
    stdout,
    out: (text) => stdout.write(text),
    err: (text) => stderr.write(text),
    openLog: () => sendTo(stderr),
    colours: { out: mayBeColoured(stdout, env), err: mayBeColoured(stderr, env) },
    isTerminal: stderr.isTTY,
    signal,
    clock: systemClock,
    send: (pid, signal) => void process.kill(pid, signal),
    fetch,
    nodePath: execPath,
    nodeVersion: version,
    hasModes: platform !== "win32",
  };
}

function interruption(): AbortSignal {
  const interrupted = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => interrupted.abort(signal));
  }
  return interrupted.signal;
}

/** Resolves when all that was written has left, or can no longer leave. */
function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write("", () => resolve()));
}
