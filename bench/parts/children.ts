// The processes that a run starts, each with a way to ask what it uses. They end with the run, however it ends.
import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { packageRoot } from "../../src/server/system.ts";

/** What a process uses, asked at one moment. */
export interface Usage {
  /** Bytes. */
  readonly rss: number;
  readonly heapUsed: number;
  readonly external: number;
  readonly arrayBuffers: number;
  /** Processor time since its start, ms. */
  readonly cpuMs: number;
  /** Open timers, sockets and the like, by Node's names. */
  readonly handles: Readonly<Record<string, number>>;
}

export interface Child {
  readonly pid: number;
  /** @param gc whether garbage is collected first */
  usage(gc?: boolean): Promise<Usage>;
  /** Sends a signal and waits for its end; by force after ten seconds. @returns its exit code; null where a signal ended it */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
  /** Resolves when it has ended. */
  readonly ended: Promise<number | null>;
  /** The port that it has told; the floor does. Rejects when it ends before. */
  readonly port: Promise<number>;
}

export interface ChildOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Of standard output and error. */
  readonly output?: "ignore" | number;
  /** Without the probe: nothing but the program itself is started. */
  readonly bare?: boolean;
}

const PROBE = join(packageRoot(), "bench", "parts", "probe.cjs");
const STOP_LIMIT_MS = 10_000;
const running = new Set<ChildProcess>();

/** Starts a program of Node. */
export function startChild(args: readonly string[], options: ChildOptions): Child {
  const { output = "ignore", bare = false } = options;
  const stdio: StdioOptions = bare ? ["ignore", output, output] : ["ignore", output, output, "ipc"];
  const child = spawn(process.execPath, [...(bare ? [] : ["--require", PROBE]), ...args], {
    cwd: options.cwd,
    env: options.env,
    stdio,
  });
  running.add(child);
  const ended = once(child, "exit").then(([code]) => {
    running.delete(child);
    return code as number | null;
  });
  const asked = new Map<number, (usage: Usage) => void>();
  let asks = 0;
  let tellPort = (_port: number) => {};
  const port = new Promise<number>((resolve, reject) => {
    tellPort = resolve;
    void ended.then((code) => reject(new Error(`a process ended with ${code} before it listened`)));
  });
  port.catch(() => {});
  child.on("message", ({ ask, port, ...usage }: Usage & { ask: number; port?: number }) => {
    if (port !== undefined) tellPort(port);
    asked.get(ask)?.(usage);
    asked.delete(ask);
  });
  return {
    pid: child.pid ?? 0,
    ended,
    port,
    usage: (gc = false) =>
      new Promise((resolve, reject) => {
        asks += 1;
        asked.set(asks, resolve);
        child.send({ ask: asks, gc }, (error) => error && reject(error));
      }),
    async stop(signal = "SIGTERM") {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      child.kill(signal);
      const patience = setTimeout(() => child.kill("SIGKILL"), STOP_LIMIT_MS);
      const code = await ended;
      clearTimeout(patience);
      return code;
    },
  };
}

/** Ends whatever still runs, at once. */
export function endChildren(): void {
  for (const child of running) child.kill("SIGKILL");
}
