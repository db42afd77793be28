// `npm run fuzz -- --floods`: approvals from call to answer while somebody does what they can to a port. The attacks run in a
// process of their own, so that only the server's own time is measured.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { ATTACKS } from "./attacks.ts";
import { startRunningServer } from "./inputs/running-server.ts";

const APPROVALS = 20;
/** How long an attack runs before approvals are measured, ms. */
const WARM_MS = 1_500;
const ASK = { action: "deploy", summary: "Deploy it", timeout_seconds: 60 };

/** @param named a part of the names of the attacks; default: all. @returns what went wrong, a line each */
export async function floods(say: (line: string) => void, named = ""): Promise<string[]> {
  const running = await startRunningServer({ MAX_REQUESTS_PER_MINUTE: "1000" });
  const { server, phone, logged } = running;
  const problems: string[] = [];
  const ports = { local: new URL(server.localUrl).port, public: new URL(server.webhookUrl).port };

  /** From the call to its answer, with a tap of the phone in between, ms. */
  async function approve(): Promise<number> {
    const begun = performance.now();
    const asked = await fetch(`${server.localUrl}/v1/approvals`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(ASK),
      signal: AbortSignal.timeout(20_000),
    });
    const { approval_id: id } = (await asked.json()) as { approval_id: string };
    const message = await shown(id);
    const answer = await phone.tap(message, `approve:${id}`);
    if (answer.status !== 200) throw new Error(`the webhook of a tap was answered with ${answer.status}`);
    const got = await fetch(`${server.localUrl}/v1/approvals/${id}?wait=true`, {
      signal: AbortSignal.timeout(25_000),
    });
    const { status } = (await got.json()) as { status: string };
    if (status !== "approved") throw new Error(`${id} is ${status}`);
    return performance.now() - begun;
  }

  function shown(id: string): Promise<string> {
    const found = () =>
      phone.messages().find(({ buttons }) => buttons.some((button) => button.id === `approve:${id}`))?.sid;
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${id} was not shown`)), 20_000);
      const stop = phone.onMessage(look);
      function look() {
        const sid = found();
        if (sid === undefined) return;
        clearTimeout(late);
        stop();
        resolve(sid);
      }
      look();
    });
  }

  async function measure(name: string): Promise<void> {
    const times: number[] = [];
    const failed: string[] = [];
    for (let n = 0; n < APPROVALS; n += 1)
      await approve().then(
        (time) => void times.push(time),
        (error: unknown) => void failed.push(error instanceof Error ? error.message : String(error)),
      );
    times.sort((a, b) => a - b);
    const at = (part: number) =>
      (times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? Number.NaN).toFixed(1);
    const lines = [...logged.values()].reduce((sum, count) => sum + count, 0);
    const memory = (process.memoryUsage().rss / 1e6).toFixed(0);
    say(
      `${name.padEnd(44)} ${String(times.length).padStart(3)}/${APPROVALS}  p50 ${at(0.5).padStart(7)} ms  p95 ${at(0.95).padStart(8)} ms` +
        `  ${memory.padStart(4)} MB  ${String(openFiles()).padStart(5)} files  ${String(lines).padStart(5)} warnings`,
    );
    for (const each of new Set(failed)) {
      say(`  ${each}`);
      problems.push(`${name}: ${each}`);
    }
  }

  try {
    await measure("nothing else");
    for (const { name, ports: attacked } of ATTACKS.filter((attack) => attack.name.includes(named)))
      for (const port of attacked) {
        const attack = spawn(process.execPath, [join(import.meta.dirname, "attack.js"), name, ports[port]], {
          stdio: ["ignore", "inherit", "inherit", "ipc"],
        });
        await new Promise((resolve) => setTimeout(resolve, WARM_MS));
        await measure(`${name}, ${port} port`);
        await end(attack);
      }
    await new Promise((resolve) => setTimeout(resolve, WARM_MS));
    await measure("nothing else, afterwards");
  } finally {
    await running.close();
  }
  return problems;
}

async function end(attack: ChildProcess): Promise<void> {
  if (attack.exitCode !== null) return;
  const ended = once(attack, "exit");
  attack.kill("SIGKILL");
  await ended;
}

function openFiles(): number {
  return existsSync("/proc/self/fd") ? readdirSync("/proc/self/fd").length : 0;
}
