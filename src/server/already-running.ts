// Who has the port that this server wants: most often the same server, started before. Whatever answers there may not be ours, so
// that nothing of its answer is shown but numbers.
import { execFile } from "node:child_process";
import type { Config } from "../config/config.ts";
import { cutLine } from "../domain/call-line.ts";
import { ConfigError } from "../domain/errors.ts";
import { ownCommand } from "../domain/own-command.ts";
import { visibleLine } from "../domain/visible.ts";
import { PortTakenError, urlHost } from "./listener.ts";

const ASK_LIMIT_MS = 2_000;
/** A name of a program, UTF-16 units. */
const MAX_NAME = 60;

interface RunningServer {
  readonly pid?: number | undefined;
  /** Epoch ms. */
  readonly startedAt?: number | undefined;
}

/** The same error in words that say who has the port, where that can be found out. Other errors stay what they are. */
export async function explainStart(
  error: unknown,
  config: Pick<Config, "host" | "serverPort" | "token" | "simulation">,
): Promise<unknown> {
  if (!(error instanceof PortTakenError)) return error;
  const { variable, host, port } = error;
  const running = variable === "SERVER_PORT" ? await askServer(config) : undefined;
  if (running !== undefined)
    return new ConfigError([
      runningText(running, `http://${urlHost(host)}:${port}`, config.simulation !== undefined),
    ]);
  const holder = await portHolder(port);
  if (holder === undefined) return error;
  return new ConfigError([
    `${variable}: port ${port} on ${host} is taken by ${holder}. Stop that program or set ${variable} to another port.`,
  ]);
}

/** @param isSimulated whether the second one would have a simulated phone, with a port of its own */
function runningText({ pid, startedAt }: RunningServer, url: string, isSimulated: boolean): string {
  const ports = `SERVER_PORT, WEBHOOK_PORT${isSimulated ? ", SIMULATOR_PORT" : ""}`;
  const process = pid === undefined ? "" : ` (process ${pid}${sinceText(startedAt)})`;
  return `SERVER_PORT: the approval server is already running at ${url}${process}. Use that one, or stop it first; for a second one set ${ports} and APPROVAL_DB. To see whether it is well: ${ownCommand("doctor")}`;
}

function sinceText(at: number | undefined): string {
  if (at === undefined) return "";
  const time = new Date(at);
  const isToday = time.toDateString() === new Date().toDateString();
  const clock = time.toTimeString().slice(0, 5);
  return `, since ${isToday ? clock : `${time.toLocaleDateString("sv-SE")} ${clock}`}`;
}

/** @returns undefined where no approval server answers */
async function askServer({
  host,
  serverPort,
  token,
}: Pick<Config, "host" | "serverPort" | "token">): Promise<RunningServer | undefined> {
  const address = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  try {
    const response = await fetch(`http://${urlHost(address)}:${serverPort}/health`, {
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      redirect: "error",
      signal: AbortSignal.timeout(ASK_LIMIT_MS),
    });
    const state: unknown = await response.json();
    if (typeof state !== "object" || state === null || !("standing" in state && "waiting" in state))
      return undefined;
    return {
      pid: "pid" in state ? wholeNumber(state.pid) : undefined,
      startedAt:
        "startedAt" in state && typeof state.startedAt === "string" ? timeOf(state.startedAt) : undefined,
    };
  } catch {
    return undefined;
  }
}

function wholeNumber(value: unknown): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 1 ? value : undefined;
}

function timeOf(text: string): number | undefined {
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}

/** "node, process 123", from what lsof says; undefined where it is not there, or may not see that program. */
function portHolder(port: number): Promise<string | undefined> {
  const args = ["-nP", `-iTCP:${port}`, "-sTCP:LISTEN", "-Fpc"];
  return new Promise((resolve) => {
    execFile("lsof", args, { timeout: ASK_LIMIT_MS, killSignal: "SIGKILL" }, (_error, out) => {
      const pid = /^p(\d+)$/m.exec(out)?.[1];
      const name = /^c(.+)$/m.exec(out)?.[1];
      if (pid === undefined) return resolve(undefined);
      resolve(`${name === undefined ? "a program" : cutLine(visibleLine(name), MAX_NAME)}, process ${pid}`);
    });
  });
}
