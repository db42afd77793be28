// Runs the built server as its users do: a process of its own, on free ports, with no account (so the simulated
// phone is on) and in a folder of its own, where no .env of the person who runs the tests is found.
import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { PATIENCE_MS } from "./patience.ts";

/** How to start the server. */
export interface ServerOptions {
  /** A temporary folder: working directory, home and database. */
  readonly dir: string;
  /** Settings beside the ports and the database, e.g. `APPROVAL_TIMEOUT_SECONDS`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where it prints to, as file descriptors; what it prints is then not kept. Default: pipes that are read. */
  readonly prints?: { readonly out: number; readonly err: number };
  /** What starts it instead: a command with its arguments, made of a shell's line that runs the server. */
  readonly through?: (line: string) => readonly string[];
}

/** A server that answers. */
export interface ServerProcess {
  /** The local listener, e.g. `http://127.0.0.1:8000`. */
  readonly url: string;
  /** The simulated phone. */
  readonly phoneUrl: string;
  /** Everything it has printed so far, for error messages. */
  output(): string;
  /** Sends SIGTERM, as a service manager does, or another signal. @returns the exit code; null when it had to be killed. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
  /** Sends SIGKILL, as a power cut does. */
  kill(): Promise<void>;
}

const MAIN = fileURLToPath(new URL("../../dist/src/main.js", import.meta.url));
const POLL_MS = 50;

/** Starts `dist/src/main.js` and waits until it is healthy. @throws Error with its output when it is not in time. */
export async function startServer(options: ServerOptions): Promise<ServerProcess> {
  const free = await freePorts(3);
  const [serverPort, webhookPort, simulatorPort] = PORT_SETTINGS.map(
    (name, at) => options.env?.[name] ?? String(free[at]),
  );
  const line = `exec '${process.execPath}' '${MAIN}'`;
  const [command = "", ...args] = options.through?.(line) ?? [process.execPath, MAIN];
  const { out = "pipe", err = "pipe" } = options.prints ?? {};
  const child = spawn(command, args, {
    cwd: options.dir,
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: options.dir,
      SERVER_PORT: String(serverPort),
      WEBHOOK_PORT: String(webhookPort),
      SIMULATOR_PORT: String(simulatorPort),
      APPROVAL_DB: join(options.dir, "approvals.db"),
      // The phone is asked at once, unless a test is about the terminal's own time.
      HOOK_GRACE_SECONDS: "0",
      ...options.env,
    },
    stdio: ["ignore", out, err],
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (chunk: string) => {
      printed += chunk;
    });
  }
  const closed = once(child, "close").then(([code]) => code as number | null);

  async function stop(signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> {
    child.kill(signal);
    const patience = AbortSignal.timeout(PATIENCE_MS);
    patience.addEventListener("abort", () => child.kill("SIGKILL"));
    return closed;
  }

  async function kill(): Promise<void> {
    child.kill("SIGKILL");
    await closed;
  }

  const url = `http://127.0.0.1:${serverPort}`;
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await isHealthy(url))) {
    const gone = await Promise.race([closed.then(() => true), sleep(POLL_MS, false)]);
    if (!gone && Date.now() < deadline) continue;
    child.kill("SIGKILL");
    throw new Error(`The server ${gone ? "ended" : "did not get healthy"} while starting:\n${printed}`);
  }
  return { url, phoneUrl: `http://127.0.0.1:${simulatorPort}`, output: () => printed, stop, kill };
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    const { status } = await fetch(`${url}/health`, { signal: AbortSignal.timeout(PATIENCE_MS) });
    // One that wants its token answers too.
    return status === 200 || status === 401;
  } catch {
    return false;
  }
}

/**
 * Ports that are free now, from below the range that systems give out by themselves: no connection and no listener on port 0 takes
 * one of them before it is used.
 */
export async function freePorts(count: number, firstPort = FIRST_PORT): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = firstPort + randomInt(PORTS);
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

/** A server that is to be found again after a restart has them in its settings. */
const PORT_SETTINGS = ["SERVER_PORT", "WEBHOOK_PORT", "SIMULATOR_PORT"];
const FIRST_PORT = 20_000;
const PORTS = 10_000;

async function isFree(port: number): Promise<boolean> {
  const holder = createServer();
  try {
    await once(holder.listen(port, "127.0.0.1"), "listening");
  } catch {
    return false;
  }
  await once(holder.close(), "close");
  return true;
}
