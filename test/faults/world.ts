// A server in a process of its own that is killed at a step, and all that stays when it is gone: its folder, Twilio, the phone.
import { type ChildProcess, spawn } from "node:child_process";
import { setMaxListeners } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { SANDBOX_SENDER } from "../../src/config/environment.ts";
import type { PairedChannel } from "../../src/domain/channel.ts";
import { packageRoot } from "../../src/server/system.ts";
import { freePorts } from "../helpers/server-process.ts";
import { createTestTwilio, type TestTwilio } from "../twilio/create-test-twilio.ts";
import type { FaultPhone } from "./platform-phones.ts";
import { type FaultPlatform, openPlatform } from "./platforms.ts";

/** A step of the server, as `points.mjs` names it. */
export interface Step {
  readonly name: string;
  /** Which of those with this name, from 1. */
  readonly nth: number;
  readonly when: "before" | "after";
  /** What it gets there. Default: it is killed. */
  readonly signal?: "SIGTERM" | undefined;
}

export interface FaultServer {
  readonly pid: number;
  /** The local listener, as the helpers of the other tests take it. */
  readonly localUrl: string;
  /** From the start of its process until `/health` said that all is well, ms. */
  readonly startedInMs: number;
  /** Aborts when the process has ended. */
  readonly ended: AbortSignal;
  /** Kills it at this step from now on; without one, its steps are recorded. */
  arm(step: Step | undefined): Promise<void>;
  /** What was recorded; of one that was stopped, until its end. */
  steps(): Promise<readonly Step[]>;
  /** Whether it has ended by itself, as it was told to. */
  wasStopped(): boolean;
  /** Resolves when it has read what came while it was down, and calls nobody. */
  quiet(): Promise<void>;
  /** Sets its wall clock. @param offsetMs from now on; @param rate how fast it goes, default: as the machine's */
  setClock(offsetMs: number, rate?: number): Promise<void>;
  /** Sends a signal that does not end it. */
  signal(signal: "SIGSTOP" | "SIGCONT"): void;
  /** Sends a signal. @returns once the process has ended */
  end(signal: NodeJS.Signals): Promise<void>;
  /** What it printed: for messages about failures. */
  output(): string;
}

export interface World {
  readonly dir: string;
  readonly databasePath: string;
  readonly twilio: TestTwilio;
  /** Where the person answers: Twilio's, or the one of another channel. */
  readonly phone: FaultPhone;
  /** Where another channel comes before Twilio's. */
  readonly platform: FaultPlatform | undefined;
  /** The one that runs. */
  readonly server: FaultServer;
  /** Starts the next one over the same record. @param step it is killed at this one; then there is none that runs */
  start(step?: Step): Promise<FaultServer | undefined>;
  /** Starts one with other ports on the same database, beside the one that runs. */
  startSecond(): Promise<void>;
  close(): Promise<void>;
}

/** A line of the built program that is another one. */
export interface Broken {
  /** Below `dist/src`. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

export interface WorldOptions {
  /** A server with a mistake: what the checks are tried with. */
  readonly broken?: Broken | undefined;
  readonly env?: ((dir: string) => Readonly<Record<string, string>>) | undefined;
  /** Whether Twilio can reach the webhook. Default: yes; otherwise the server reads Twilio's list. */
  readonly hasWebhook?: boolean | undefined;
  /** The person is asked there before Twilio's phone, and answers there. */
  readonly platform?: PairedChannel | undefined;
  /** How long nobody answers there until Twilio's phone is asked, too. Default: longer than any test. */
  readonly escalateAfterSeconds?: string | undefined;
  /** It takes no message: the person answers on Twilio's phone. */
  readonly isRefused?: boolean | undefined;
  /** What the server takes for that platform, or where there is none for Twilio. Default: the simulated one itself. @param url the simulated one's */
  readonly through?: ((url: string) => Promise<string>) | undefined;
}

const PHONE = "+15005550006";
const ACCOUNT = `AC${"1".repeat(32)}`;
/** What the heads of the event log are sealed with, too. */
export const TOKEN = "0123456789abcdef0123456789abcdef";
const BREAK = new URL("break-module.mjs", import.meta.url).href;
const SERVER = fileURLToPath(new URL("server.mjs", import.meta.url));
/** Where no other test takes one: a server that was killed comes back to its ports. */
const FIRST_PORT = 10_000;
/** A machine may be slow; what is waited for is an answer, and not its time. */
export const PATIENCE_MS = 45_000;

export async function createWorld({
  env = () => ({}),
  hasWebhook = true,
  through = async (url) => url,
  broken,
  platform: channel,
  isRefused = false,
  escalateAfterSeconds = "200",
}: WorldOptions = {}): Promise<World> {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), "approval-faults-")));
  mkdirSync(join(dir, "data"), { mode: 0o700 });
  const databasePath = join(dir, "data", "approvals.db");
  const [serverPort = 0, webhookPort = 0] = await freePorts(2, FIRST_PORT);
  const twilio = await createTestTwilio({
    accountSid: ACCOUNT,
    authToken: TOKEN,
    sender: SANDBOX_SENDER,
    phones: [PHONE],
    webhookUrl: () => (hasWebhook ? `http://127.0.0.1:${webhookPort}/twilio-webhook` : ""),
    pageDir: join(packageRoot(), "public", "phone"),
    port: 0,
  });
  const platform =
    channel === undefined ? undefined : await openPlatform(channel, databasePath, PHONE, TOKEN);
  if (isRefused) platform?.refuse();
  const settings = {
    PATH: process.env["PATH"] ?? "",
    HOME: dir,
    APPROVAL_HOME: dir,
    APPROVAL_DB: databasePath,
    SERVER_PORT: String(serverPort),
    WEBHOOK_PORT: String(webhookPort),
    HOOK_GRACE_SECONDS: "0",
    TWILIO_ACCOUNT_SID: ACCOUNT,
    TWILIO_AUTH_TOKEN: TOKEN,
    TWILIO_BASE_URL: platform === undefined ? await through(twilio.url) : twilio.url,
    APPROVAL_PHONE: PHONE,
    ...(platform === undefined
      ? {}
      : {
          CHANNELS: `${channel},whatsapp`,
          ESCALATE_AFTER_SECONDS: escalateAfterSeconds,
          FAULT_POLLS: "1",
          ...platform.settings(await through(platform.url)),
        }),
    ...(hasWebhook ? { PUBLIC_URL: `http://127.0.0.1:${webhookPort}` } : {}),
    ...env(dir),
    ...(broken === undefined ? {} : { FAULT_BREAK: JSON.stringify(broken) }),
  };
  let server: FaultServer | undefined;
  return {
    dir,
    databasePath,
    twilio,
    phone: platform === undefined || isRefused ? twilio : platform.phone,
    platform,
    get server() {
      if (server === undefined) throw new Error("no server runs");
      return server;
    },
    async start(step) {
      server = await startServer(settings, serverPort, step);
      return server;
    },
    async startSecond() {
      const [port = 0, webhook = 0] = await freePorts(2, FIRST_PORT);
      const own = { SERVER_PORT: String(port), WEBHOOK_PORT: String(webhook) };
      const second = await startServer({ ...settings, ...own }, port, undefined);
      await second?.end("SIGKILL");
    },
    async close() {
      await server?.end("SIGKILL");
      await twilio.close();
      await platform?.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function startServer(
  settings: Readonly<Record<string, string>>,
  port: number,
  step: Step | undefined,
): Promise<FaultServer | undefined> {
  const startedAt = performance.now();
  const env = step === undefined ? settings : { ...settings, FAULT_ARM: JSON.stringify(step) };
  const preload = "FAULT_BREAK" in settings ? ["--import", BREAK] : [];
  const child = spawn(process.execPath, [...preload, SERVER], {
    env,
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let printed = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  const end = new AbortController();
  // Everything that waits for the server listens.
  setMaxListeners(0, end.signal);
  const gone = new Promise<void>((resolve) => {
    child.once("exit", () => {
      end.abort(new Error("the server has ended"));
      resolve();
    });
  });
  let stopped: readonly Step[] | undefined;
  child.on("message", (message: { stopped?: readonly Step[] }) => {
    stopped ??= message.stopped;
  });
  const ask = asking(child, end.signal);
  const localUrl = `http://127.0.0.1:${port}`;
  // Asking before it listens would take the time from it.
  await new Promise<void>((resolve) => {
    child.on("message", (message: { ready?: string }) => message.ready !== undefined && resolve());
    end.signal.addEventListener("abort", () => resolve(), { once: true });
  });
  while (!end.signal.aborted && !(await isHealthy(localUrl))) await sleep(2);
  if (end.signal.aborted) {
    if (step !== undefined && child.signalCode === "SIGKILL") return undefined;
    throw new Error(`the server did not start:\n${printed}`);
  }
  return {
    pid: child.pid ?? 0,
    localUrl,
    startedInMs: performance.now() - startedAt,
    ended: end.signal,
    arm: async (next) => void (await ask("arm", next)),
    wasStopped: () => child.exitCode === 0,
    steps: async () => stopped ?? (await ask("steps")).steps ?? [],
    quiet: async () => void (await ask("quiet")),
    setClock: async (offsetMs, rate = 1) => void (await ask("clock", { offsetMs, rate })),
    signal: (signal) => void child.kill(signal),
    async end(signal) {
      child.kill(signal);
      await gone;
    },
    output: () => printed,
  };
}

/** Questions to the process over IPC. Each rejects when it ends. */
function asking(child: ChildProcess, ended: AbortSignal) {
  let count = 0;
  return (what: string, step?: object): Promise<{ readonly steps?: readonly Step[] }> =>
    new Promise((resolve, reject) => {
      count += 1;
      const id = count;
      const onMessage = (message: { to?: number; steps?: readonly Step[] }) => {
        if (message.to !== id) return;
        child.off("message", onMessage);
        resolve(message);
      };
      child.on("message", onMessage);
      if (ended.aborted) reject(ended.reason);
      ended.addEventListener("abort", () => reject(ended.reason), { once: true });
      child.send({ ask: what, id, step }, () => {});
    });
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health`, { headers: { connection: "close" } })).status === 200;
  } catch {
    return false;
  }
}

/** The lines of a file; none where it is not there. */
export function linesOf(path: string): readonly string[] {
  return existsSync(path)
    ? readFileSync(path, "utf8")
        .split("\n")
        .filter((line) => line !== "")
    : [];
}
