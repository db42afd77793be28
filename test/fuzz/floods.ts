// `npm run fuzz -- --floods`: approvals from call to answer before, while and after somebody does what they can to a port, with the
// limits of the ports and without them. The attacks run in a process of their own, so that only the server's own time is measured.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { availableParallelism, loadavg } from "node:os";
import { join } from "node:path";
import type { PortLimits } from "../../src/server/port-limits.ts";
import { type Approvals, approve } from "./approve.ts";
import { ATTACKS } from "./attacks.ts";
import type { Flooded, FloodResults, Measured } from "./flood-results.ts";
import { type RunningServer, startRunningServer } from "./inputs/running-server.ts";
import { collected, peakMegabytes } from "./memory.ts";

/** With the pauses below a thousand a minute, which is what one may ask at most. */
const APPROVALS = 30;
/** What fails so often fails: the others would only wait as long again. Without limits nothing is promised, and once shows it. */
const MOST_FAILURES = { limited: 3, open: 1 };
/** What the half without limits has not begun by then is left out, ms: an attack of it takes a minute where nothing gets through. */
const OPEN_MS = 480_000;
/** How long an attack runs before approvals are measured, and how long its end takes until they are measured again, ms. */
const WARM_MS = 1_500;
const NO_LIMITS: PortLimits = {
  connections: Number.POSITIVE_INFINITY,
  headersMs: 0,
  requestMs: 0,
  requests: 0,
  unanswered: Number.POSITIVE_INFINITY,
};

/** @param named a part of the names of the attacks; default: all. @returns what was measured; a failure is in it */
export async function floods(say: (line: string) => void, named = ""): Promise<FloodResults> {
  const load = loadavg()[0] ?? 0;
  const limited = await withServer(false, say, named);
  const unlimited = await withServer(true, say, named);
  return {
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cores: availableParallelism(),
    load: [load, loadavg()[0] ?? 0],
    approvals: APPROVALS,
    limited,
    unlimited,
  };
}

async function withServer(isOpen: boolean, say: (line: string) => void, named: string): Promise<Flooded> {
  let running = await startWarm(isOpen);
  const rows: Flooded["rows"][number][] = [];
  try {
    say(isOpen ? "\nwithout limits" : "with limits");
    const before = await measure(running);
    show(say, "before", before);
    let last = before;
    const end = performance.now() + (isOpen ? OPEN_MS : Number.POSITIVE_INFINITY);
    for (const { name, ports } of ATTACKS.filter((attack) => attack.name.includes(named)))
      for (const port of ports) {
        if (performance.now() > end) return { before, rows };
        const attack = attackOn(running, name, port);
        await pause(WARM_MS);
        const during = await measure(running, false, MOST_FAILURES[isOpen ? "open" : "limited"]);
        await stop(attack);
        await pause(WARM_MS);
        const after = isOpen ? undefined : await measure(running);
        show(say, `${name}, ${port} port`, during, after);
        rows.push({ attack: name, port, before: last.heap, during, after });
        last = after ?? last;
        if (!isOpen || during.through === APPROVALS) continue;
        // What is left of this attack must not count as the work of the next one.
        await running.close();
        running = await startWarm(isOpen);
      }
    return { before, rows };
  } finally {
    await running.close();
  }
}

/** The first approvals load what is loaded when it is used. */
async function startWarm(isOpen: boolean): Promise<RunningServer> {
  const portLimits = isOpen ? { local: NO_LIMITS, public: NO_LIMITS } : undefined;
  const running = await startRunningServer({ MAX_REQUESTS_PER_MINUTE: "1000" }, { portLimits });
  await measure(running);
  return running;
}

function attackOn({ server }: RunningServer, name: string, port: "local" | "public"): ChildProcess {
  const url = port === "local" ? server.localUrl : server.webhookUrl;
  return spawn(process.execPath, [join(import.meta.dirname, "attack.js"), name, new URL(url).port], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
}

/** @param quiet whether nothing else goes on, so that memory can be collected first without changing the times */
async function measure(
  running: RunningServer,
  quiet = true,
  mostFailures = MOST_FAILURES.limited,
): Promise<Measured> {
  const memory = peakMegabytes();
  const done: Approvals = await approvals(running, mostFailures);
  const rss = memory.stop();
  const heap = quiet ? collected() : 0;
  return { ...done, rss, heap };
}

async function approvals(running: RunningServer, mostFailures: number): Promise<Approvals> {
  const times: number[] = [];
  const failed: string[] = [];
  for (let n = 0; n < APPROVALS && failed.length < mostFailures; n += 1)
    await approve(running).then(
      (time) => void times.push(time),
      (error: unknown) => void failed.push(error instanceof Error ? error.message : String(error)),
    );
  times.sort((a, b) => a - b);
  const at = (part: number) => round(times[Math.min(times.length - 1, Math.floor(times.length * part))]);
  return { through: times.length, failed: [...new Set(failed)], p50: at(0.5), p99: at(0.99) };
}

function show(say: (line: string) => void, name: string, first: Measured, then?: Measured): void {
  const part = ({ through, p50, p99, rss, heap }: Measured) =>
    `${String(through).padStart(3)}/${APPROVALS} p50 ${p50} p99 ${p99} ms, ${rss} MB${heap === 0 ? "" : `, heap ${heap}`}`;
  say(`${name.padEnd(46)} ${part(first)}${then === undefined ? "" : ` | after: ${part(then)}`}`);
  for (const each of [...first.failed, ...(then?.failed ?? [])]) say(`  ${each}`);
}

function round(value: number | undefined): number {
  return value === undefined ? 0 : Math.round(value * 10) / 10;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function stop(attack: ChildProcess): Promise<void> {
  if (attack.exitCode !== null) return;
  const ended = once(attack, "exit");
  attack.kill("SIGKILL");
  await ended;
}
