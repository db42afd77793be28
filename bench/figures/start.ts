// From the start of the process until /health answers, as a new user has it (no account, so the simulated phone is on), and what it
// uses when nothing happens.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { packageRoot } from "../../src/server/system.ts";
import { freePorts } from "../../test/helpers/server-process.ts";
import { type Child, startChild } from "../parts/children.ts";
import { processorMs, residentBytes } from "../parts/process-usage.ts";
import { newFolder, plainEnv } from "../parts/sides.ts";
import { median, percentile } from "../parts/statistics.ts";
import { type Figure, row } from "../rows.ts";

const ROUNDS = 15;
const QUICK_ROUNDS = 4;
const POLL_MS = 3;
const LIMIT_MS = 60_000;
/** Until what a start leaves to be done is done: some 20 s after it, V8 collects its garbage once more. */
const SETTLE_MS = 30_000;
const IDLE_MS = 40_000;
const QUICK_IDLE_MS = 6_000;
/** What `npm start` runs. */
const START = [join(packageRoot(), "bin", "npm.js"), "start"];

interface Started {
  readonly child: Child;
  readonly ms: number;
  close(): Promise<void>;
}

async function start(): Promise<Started> {
  const dir = newFolder();
  const [serverPort = 0, webhookPort = 0, simulatorPort = 0] = await freePorts(3);
  const env = {
    ...plainEnv(dir),
    SERVER_PORT: String(serverPort),
    WEBHOOK_PORT: String(webhookPort),
    SIMULATOR_PORT: String(simulatorPort),
    APPROVAL_DB: join(dir, "approvals.db"),
  };
  const begun = performance.now();
  const child = startChild(START, { cwd: dir, env, bare: true });
  while (!(await isHealthy(serverPort))) {
    if (performance.now() - begun > LIMIT_MS) throw new Error("the server did not get healthy");
    await pause(POLL_MS);
  }
  const ms = performance.now() - begun;
  return {
    child,
    ms,
    async close() {
      await child.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function isHealthy(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const sent = request({ host: "127.0.0.1", port, path: "/health", agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    sent.on("error", () => resolve(false));
    sent.end();
  });
}

/** Node's own start and end: until it prints, and what it has used by then, ms. */
async function plainNode(): Promise<{ readonly ms: number; readonly cpu: number }> {
  const begun = performance.now();
  const child = spawn(process.execPath, ["-p", CPU_MS], { stdio: ["ignore", "pipe", "ignore"] });
  let printed = "";
  child.stdout.on("data", (chunk: Buffer) => {
    printed += String(chunk);
  });
  await once(child, "close");
  return { ms: performance.now() - begun, cpu: Number(printed) };
}

const CPU_MS = "const { user, system } = process.cpuUsage(); (user + system) / 1000";

export const starting: Figure = {
  name: "start",
  about: "start, and what an idle server uses",
  async run(run) {
    const rounds = run.quick ? QUICK_ROUNDS : ROUNDS;
    const times: {
      readonly ours: number;
      readonly node: { ms: number; cpu: number };
      readonly cpu: number | undefined;
    }[] = [];
    // The first one reads the files from the disk.
    await (await start()).close();
    for (let round = 0; round < rounds; round += 1) {
      run.say(`start: round ${round + 1} of ${rounds}`);
      const node = await plainNode();
      const started = await start();
      times.push({ ours: started.ms, node, cpu: processorMs(started.child.pid) });
      await started.close();
    }
    const ours = times.map((each) => each.ours);
    const node = median(times.map((each) => each.node.ms));
    const common = { figure: "start", unit: "ms", samples: rounds } as const;
    run.add(
      row({
        ...common,
        id: "start.p50",
        what: "from its start to /health, median (floor: node -p)",
        value: median(ours),
        floor: node,
        target: { of: "value", is: "at most", limit: 400 },
      }),
    );
    run.add(row({ ...common, id: "start.p90", what: "the same, p90", value: percentile(ours, 0.9) }));
    const cpu = times.flatMap((each) => (each.cpu === undefined ? [] : [each.cpu]));
    if (cpu.length > 0)
      run.add(
        row({
          ...common,
          id: "start.cpu",
          what: "processor time of a start, median (floor: node -p)",
          value: median(cpu),
          floor: median(times.map((each) => each.node.cpu)),
        }),
      );
    await idle(run);
  },
};

async function idle(run: Parameters<Figure["run"]>[0]): Promise<void> {
  const ms = run.quick ? QUICK_IDLE_MS : IDLE_MS;
  run.say(`idle: ${Math.round((SETTLE_MS + ms) / 1_000)} s`);
  const { child, close } = await start();
  await pause(SETTLE_MS);
  const before = processorMs(child.pid);
  await pause(ms);
  const after = processorMs(child.pid);
  run.add(
    row({
      id: "idle.rss",
      figure: "start",
      what: "resident memory, idle",
      unit: "MB",
      value: residentBytes(child.pid) / 1e6,
      target: { of: "value", is: "at most", limit: 80 },
    }),
  );
  if (before !== undefined && after !== undefined)
    run.add(
      row({
        id: "idle.cpu",
        figure: "start",
        what: "processor, idle",
        unit: "%",
        value: ((after - before) / ms) * 100,
        target: { of: "value", is: "at most", limit: 0.1 },
        note: `over ${ms / 1_000} s`,
      }),
    );
  await close();
}
