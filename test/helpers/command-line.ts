// Runs the commands: the built `approval-server` as its users do, by its file, from a folder of the test's own; or the code
// behind a command in this process.
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { PassThrough, Readable, type Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { CommandContext, CommandInput } from "../../src/cli/command.ts";
import { readCommandLine } from "../../src/cli/command-line.ts";
import { runCommand } from "../../src/cli/run-command.ts";
import { VARIABLE_NAMES } from "../../src/config/environment.ts";
import { homeIn } from "../../src/config/home.ts";
import { packageRoot, systemClock } from "../../src/server/system.ts";
import type { StdioServer } from "./mcp-clients.ts";
import { temporaryFolder } from "./temporary.ts";

export const COMMAND = fileURLToPath(new URL("../../bin/approval-server.js", import.meta.url));

/** No setting of the person who runs the tests counts, not even one of their .env: an empty one is as good as none. */
export function cleanEnvironment(env: Readonly<Record<string, string>>): Record<string, string> {
  const empty = Object.fromEntries(VARIABLE_NAMES.map((name) => [name, ""]));
  return { PATH: process.env["PATH"] ?? "", ...empty, ...env };
}

/** How a client starts `approval-server stdio` for the server at `url`. */
export function stdioFor(
  url: string,
  { cwd, env = {} }: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): StdioServer {
  const SERVER_PORT = new URL(url).port;
  const args = [COMMAND, "stdio"];
  return { command: process.execPath, args, cwd, env: cleanEnvironment({ SERVER_PORT, ...env }) };
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly ended: Promise<Ended>;
}

/** Starts a command; it is killed when the test ends. */
export function start({ command, args, cwd, env }: StdioServer): Running {
  const child = spawn(command, args, { cwd, env, stdio: ["pipe", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]).then(
    ([stdout, stderr, [code]]) => ({ code: code as number | null, stdout, stderr }),
  );
  return { child, ended };
}

/** Runs a command to its end. */
export function run(args: readonly string[], cwd: string, env: Record<string, string> = {}): Promise<Ended> {
  const { child, ended } = start({
    command: process.execPath,
    args: [COMMAND, ...args],
    cwd,
    env: cleanEnvironment(env),
  });
  child.stdin.end();
  return ended;
}

export interface EndedHere {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command in this process, as `npm run` starts it, with nothing of the real environment. */
export async function runHere(
  argv: readonly string[],
  {
    colour = false,
    instead,
    ...more
  }: Partial<CommandContext> & {
    readonly colour?: boolean;
    /** Runs in place of the command's own code. */
    readonly instead?: (input: CommandInput, context: CommandContext) => Promise<number>;
  } = {},
): Promise<EndedHere> {
  let [out, err] = ["", ""];
  const folder = more.folder ?? temporaryFolder();
  const read = readCommandLine(argv, { start: "npm", version: "0.0.0-test" });
  const line =
    read.kind === "call" && instead !== undefined
      ? { ...read, command: { ...read.command, load: async () => instead } }
      : read;
  const code = await runCommand(line, {
    env: {},
    home: homeIn(folder),
    envFile: join(folder, ".env"),
    folder,
    current: folder,
    root: packageRoot(),
    stdin: Readable.from([]),
    stdout: new PassThrough(),
    out: (part) => {
      out += part;
    },
    err: (part) => {
      err += part;
    },
    openLog: () => (text, done) => {
      err += text;
      done(true);
    },
    colours: { out: colour, err: colour },
    isTerminal: true,
    signal: new AbortController().signal,
    clock: systemClock,
    send: (pid, signal) => void process.kill(pid, signal),
    fetch,
    nodePath: process.execPath,
    nodeVersion: process.version,
    hasModes: true,
    ...more,
  });
  return { code, out, err };
}
