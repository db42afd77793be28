// `npm run bench` and `npm run soak`, small: that they measure, check and clean up after themselves. How fast anything is has no test.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import type { BenchResult, EnduranceResult } from "../../bench/results.ts";
import { runWeek } from "../../bench/week/run-week.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const RUN = join(ROOT, "bench", "run.js");
const BUILT = join(ROOT, "dist", "bench");
const LIMIT_MS = 180_000;

function start(name: string, args: readonly string[]) {
  const child = spawn(process.execPath, [join(BUILT, `${name}.js`), ...args], { cwd: ROOT });
  return { child, out: text(child.stdout), err: text(child.stderr), closed: once(child, "close") };
}

async function run(name: string, args: readonly string[]) {
  const { out, err, closed } = start(name, args);
  const [[code], printed, problems] = await Promise.all([closed, out, err]);
  return { code: code as number, printed, problems };
}

// Bundled once: what `npm run bench` does first each time.
beforeAll(() => void execFileSync(process.execPath, [RUN, "bench", "--help"], { cwd: ROOT }), LIMIT_MS);

describe("the bench", { timeout: LIMIT_MS }, () => {
  it("measures the built server beside the floor, prints a table and keeps the result", async () => {
    const json = join(temporaryFolder(), "result.json");
    const { code, printed, problems } = await run("bench", ["--quick", "--only", "policy", "--json", json]);
    expect(problems).not.toContain("failed");
    expect(code).toBe(0);
    expect(printed).toContain("what the policy allows");
    expect(printed).not.toContain("\u001b");
    const { rows, quick, cores } = JSON.parse(readFileSync(json, "utf8")) as BenchResult;
    expect({ quick, hasCores: cores > 0 }).toEqual({ quick: true, hasCores: true });
    const byId = new Map(rows.map((row) => [row.id, row]));
    for (const id of ["policy.p50", "policy.commit.p50", "policy.cpu"]) {
      const { value = 0, floor = 0, ratio = 0 } = byId.get(id) ?? {};
      expect([value > 0, floor > 0, ratio === value / floor]).toEqual([true, true, true]);
    }
  });

  it("refuses a figure that it does not have", async () => {
    const { code, problems } = await run("bench", ["--only", "speed"]);
    expect(code).toBe(2);
    expect(problems).toContain("there is no figure speed");
  });

  it("takes everything that it has started with it when it is interrupted", async () => {
    const { child, err, closed } = start("bench", ["--quick", "--only", "policy"]);
    await once(child.stderr, "data");
    const started = childrenOf(child.pid ?? 0);
    await expect.poll(() => childrenOf(child.pid ?? 0).length, { timeout: LIMIT_MS }).toBeGreaterThan(0);
    started.push(...childrenOf(child.pid ?? 0));
    child.kill("SIGINT");
    const [code] = await closed;
    await err;
    expect(code).toBe(130);
    await expect.poll(() => started.filter(isRunning)).toEqual([]);
  });
});

it("the soak checks every outcome and stops the server", { timeout: LIMIT_MS }, async () => {
  const json = join(temporaryFolder(), "result.json");
  const { problems } = await run("soak", ["--minutes", "0.2", "--rate", "1", "--json", json]);
  const { requests, checks } = JSON.parse(readFileSync(json, "utf8")) as EnduranceResult;
  expect(requests).toBeGreaterThanOrEqual(11);
  const found = Object.fromEntries(checks.map(({ what, found }) => [what, found]));
  expect(found, problems).toMatchObject({
    "outcomes that were wrong or did not come": "0",
    "rows that are pending after the stop": "0",
  });
  expect(found["the stop"]).toMatch(/^exit code 0 /);
});

it("a day of virtual time has no request that is late, lost, or allowed by nobody", {
  timeout: LIMIT_MS,
}, async () => {
  const said: string[] = [];
  const result = await runWeek({ days: 1, requestsADay: 120, seed: 7, say: (line) => void said.push(line) });
  expect(result.requests).toBeGreaterThan(60);
  expect(
    result.checks.filter(({ met }) => !met),
    said.join("\n"),
  ).toEqual([]);
});

function childrenOf(pid: number): number[] {
  const list = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
  return list
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([child = 0, parent]) => (parent === pid ? [child] : []));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
