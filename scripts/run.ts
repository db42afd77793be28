// Gives a command of src/cli its process: the environment, the streams, the signals, and the end with its exit code. The one
// place that all the scripts share; decides nothing.
import { join } from "node:path";
import type { CommandContext } from "../src/cli/command.ts";
import { type CommandCall, type LineNotice, readCommandLine } from "../src/cli/command-line.ts";
import { ASK_EXIT, EXIT } from "../src/cli/exit.ts";
import { mayBeColoured } from "../src/cli/paint.ts";
import { runCommand } from "../src/cli/run-command.ts";
import { sendTo } from "../src/server/output.ts";
import { packageRoot, packageVersion, systemClock } from "../src/server/system.ts";

/** `npm run <name> -- …`: npm starts it in the package's folder, whose .env counts. */
export function runNpm(name: string): Promise<never> {
  const line = readCommandLine([name, ...process.argv.slice(2)], { start: "npm", version: packageVersion() });
  return runLine(line, join(process.cwd(), ".env"));
}

/** Runs what was read, and ends the process. */
export async function runLine(line: CommandCall | LineNotice, envFile: string): Promise<never> {
  // Whatever goes wrong before the answer is no approval.
  process.exitCode = ASK_EXIT.unavailable;
  // A full disk or a reader that has gone ends no command half-way; what could not be printed was not told.
  let isTold = true;
  process.stdout.on("error", () => {
    isTold = false;
  });
  process.stderr.on("error", () => {});
  const isInterruptible = line.kind === "call" && line.command.isInterruptible === true;
  const code = await runCommand(
    line,
    contextOf(envFile, isInterruptible ? interruption() : new AbortController().signal),
  );
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  // What is still open would hold the process: the connections of stdio, a check that never ended.
  const untold = line.kind === "call" ? line.command.exits.failed : EXIT.failed;
  process.exit(isTold || code !== EXIT.ok ? code : untold);
}

function contextOf(envFile: string, signal: AbortSignal): CommandContext {
  const { env, stdin, stdout, stderr, version, platform, execPath } = process;
  return {
    env,
    envFile,
    folder: process.cwd(),
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
