// Everything that doctor looks at, in order: a home with its settings, a running server, Twilio, a tunnel, Claude Code's files.
// A test breaks one thing, and sees what doctor says.
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { parseConfig } from "../../src/config/config.ts";
import { homeIn } from "../../src/config/home.ts";
import type { Finding } from "../../src/doctor/run-checks.ts";
import { startServer } from "../../src/server/create-server.ts";
import { type EndedHere, runHere } from "./command-line.ts";
import { freePorts } from "./server-process.ts";
import "./late-parts.ts";
import { createKeptLog } from "./silent-log.ts";
import { ACCOUNT, startWorld, TOKEN } from "./simulator-world.ts";
import { temporaryFolder } from "./temporary.ts";

export const DOCTORS_PHONE = "+15005550006";
export const KEY_SID = `SK${"2".repeat(32)}`;
export const KEY_SECRET = "SimulatedKeySecretOf32Characters";
const HOUR_MS = 60 * 60_000;

type Settings = Readonly<Record<string, string | undefined>>;

export interface DoctorStageOptions {
  /** Changes of .env; undefined takes a line out. */
  readonly settings?: Settings;
  /** What only the running server has otherwise. */
  readonly serverSettings?: Settings;
  /** Default: it runs. */
  readonly isServerUp?: boolean;
  /** Hours since the phone has joined the Sandbox, and since it has written last; undefined: never. Default: just now. */
  readonly joinedHours?: number | undefined;
  readonly wroteHours?: number | undefined;
  readonly nodeVersion?: string;
  /** What `claude --version` prints; undefined: there is no claude. */
  readonly claude?: string | undefined;
  /** The real environment beside HOME and PATH. */
  readonly env?: Settings;
}

/** Answers a request itself, and says so; otherwise it is handed on. */
type Intercept = (req: IncomingMessage, res: ServerResponse) => boolean;

export type DoctorStage = Awaited<ReturnType<typeof startDoctorStage>>;

export async function startDoctorStage(options: DoctorStageOptions = {}) {
  const { isServerUp = true, nodeVersion = "v24.11.0" } = options;
  const has = (name: keyof DoctorStageOptions) => Object.hasOwn(options, name);
  const folder = temporaryFolder();
  const home = join(folder, "home-of-ann");
  const claude = join(folder, "bin", "claude");
  mkdirSync(join(home, ".claude"), { recursive: true });
  mkdirSync(join(folder, "bin"));
  const version = has("claude") ? options.claude : "2.1.331 (Claude Code)";
  if (version !== undefined) script(claude, `echo "${version}"`);
  execFileSync("git", ["init", "--quiet"], { cwd: folder });
  writeFileSync(join(folder, ".gitignore"), ".env\ndata/\n");

  let clockOffsetMs = 0;
  const world = await startWorld({
    phones: [DOCTORS_PHONE],
    ...(options.settings?.["TWILIO_WHATSAPP_FROM"] === undefined
      ? {}
      : { sender: options.settings["TWILIO_WHATSAPP_FROM"] }),
    apiKeys: { [KEY_SID]: KEY_SECRET },
    now: () => Date.now() + clockOffsetMs,
  });
  const write = async (text: string, hoursAgo: number) => {
    clockOffsetMs = -hoursAgo * HOUR_MS;
    await world.simulator.type(text, { from: DOCTORS_PHONE });
    clockOffsetMs = 0;
  };
  const joined = has("joinedHours") ? options.joinedHours : 0;
  const wrote = has("wroteHours") ? options.wroteHours : 0;
  const isSandbox = options.settings?.["TWILIO_WHATSAPP_FROM"] === undefined;
  if (joined !== undefined) await write(isSandbox ? "join happy-fox" : "hello", joined);
  if (joined !== undefined && wrote !== undefined && wrote < joined) await write("hello", wrote);

  const [serverPort = 0, webhookPort = 0] = await freePorts(2);
  const twilio = await startProxy(Number(new URL(world.simulator.url).port));
  const tunnel = await startProxy(webhookPort);
  const settings: Settings = {
    TWILIO_ACCOUNT_SID: ACCOUNT,
    TWILIO_AUTH_TOKEN: TOKEN,
    TWILIO_BASE_URL: twilio.url,
    APPROVAL_PHONE: DOCTORS_PHONE,
    PUBLIC_URL: tunnel.url,
    SERVER_PORT: String(serverPort),
    WEBHOOK_PORT: String(webhookPort),
    ...options.settings,
  };
  const envFile = join(folder, ".env");
  writeFileSync(envFile, linesOf(settings), { mode: 0o600 });
  const env = clean({
    HOME: home,
    PATH: `${join(folder, "bin")}:/usr/local/bin:/usr/bin:/bin`,
    SERVER_PORT: settings["SERVER_PORT"],
    ...options.env,
  });
  const context = { env, folder, envFile, home: homeIn(folder), current: folder, nodeVersion };
  await runHere(["hooks", "install"], context);
  const log = createKeptLog();
  if (isServerUp) {
    const config = parseConfig(clean({ ...settings, ...options.serverSettings }), homeIn(folder));
    const server = await startServer(config, { log, version: "0.0.0-test", sendIntervalMs: 0 });
    onTestFinished(() => server.close());
  }
  const doctor = (argv: readonly string[] = []): Promise<EndedHere> =>
    runHere(["doctor", ...argv], { ...context, isTerminal: false });
  return {
    ...world,
    folder,
    home,
    env,
    envFile,
    serverPort,
    webhookPort,
    tunnel,
    twilio,
    log,
    settingsFile: join(home, ".claude", "settings.json"),
    databasePath: join(folder, "data", "approvals.db"),
    doctor,
    async findings(...argv: string[]): Promise<readonly Finding[]> {
      const { out } = await doctor(["--json", ...argv]);
      return (JSON.parse(out) as { checks: Finding[] }).checks;
    },
  };
}

/** An environment in which Claude Code is there, and new. */
export function claudeEnvironment(): { readonly HOME: string; readonly PATH: string } {
  const HOME = temporaryFolder();
  script(join(HOME, "claude"), 'echo "2.1.331 (Claude Code)"');
  return { HOME, PATH: `${HOME}:/usr/local/bin:/usr/bin:/bin` };
}

function script(path: string, line: string): void {
  writeFileSync(path, `#!/bin/sh\n${line}\n`);
  chmodSync(path, 0o755);
}

function clean(settings: Settings): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function linesOf(settings: Settings): string {
  return Object.entries(clean(settings))
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
}

/** Hands requests on to a port of this machine, as a tunnel does. */
async function startProxy(port: number) {
  let target = port;
  let intercept: Intercept = () => false;
  const server = createServer((req, res) => {
    if (intercept(req, res)) return;
    const { method, headers, url: path } = req;
    const onward = request({ host: "127.0.0.1", port: target, method, headers, path }, (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(res);
    });
    onward.on("error", () => res.writeHead(502).end());
    req.pipe(onward);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    leadTo(other: number) {
      target = other;
    },
    intercept(next: Intercept) {
      intercept = next;
    },
  };
}
