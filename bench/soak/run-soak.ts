// A steady mix of requests for some minutes against the built server, sampled all the while.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import Database from "better-sqlite3";
import { machine } from "../parts/machine.ts";
import { startServerSide, UNPACED } from "../parts/sides.ts";
import type { Check, EnduranceResult } from "../results.ts";
import { flatChecks, type Sample, takeSample } from "./sampler.ts";
import { createTraffic, POLICY, TIMEOUT_SECONDS } from "./traffic.ts";

export interface SoakOptions {
  readonly minutes: number;
  /** Pieces of traffic a second. */
  readonly rate: number;
  say(text: string): void;
}

/** How far from its deadline an expiry may be told, ms. */
const DEADLINE_MS = 1_000;
const SAMPLES = 180;
const LEAST_SAMPLE_MS = 1_000;
/** A piece that has no end by then never has one, ms. */
const STUCK_MS = TIMEOUT_SECONDS * 1_000 + 30_000;
const SHOWN_PROBLEMS = 8;

export async function runSoak({ minutes, rate, say }: SoakOptions): Promise<EnduranceResult> {
  const before = machine();
  const server = await startServerSide(
    {
      APPROVAL_TIMEOUT_SECONDS: String(TIMEOUT_SECONDS),
      SESSION_GRANT_MINUTES: "1",
      HOOK_GRACE_SECONDS: "0",
      VERIFY_REPLIES: "approvals",
    },
    (dir) => writeFileSync(join(dir, "policy.json"), JSON.stringify(POLICY)),
    UNPACED,
  );
  const traffic = createTraffic(server);
  const names = Object.keys(traffic.kinds);
  const problems: string[] = [];
  const pieces = new Set<Promise<void>>();
  const start = performance.now();
  const endMs = minutes * 60_000;
  const sampleMs = Math.max(LEAST_SAMPLE_MS, endMs / SAMPLES);
  const samples: Sample[] = [];

  function begin(number: number): void {
    const name = names[number % names.length] ?? "";
    const stuck = pause(STUCK_MS, "has no end", { ref: false });
    const work = traffic.kinds[name]?.(number) ?? Promise.resolve(undefined);
    const piece = Promise.race([work, stuck])
      .catch((error: unknown) => String(error))
      .then((problem) => {
        if (problem !== undefined) problems.push(`${name} ${number}: ${problem}`);
        pieces.delete(piece);
      });
    pieces.add(piece);
  }

  let begun = 0;
  for (let at = 0; at < endMs; at = performance.now() - start) {
    for (; begun < (at / 1_000) * rate; begun += 1) begin(begun);
    if (at >= samples.length * sampleMs) {
      samples.push(await takeSample(server, at, traffic.requests()));
      if (samples.length % 10 === 1)
        say(
          `${Math.round(at / 60_000)} of ${minutes} min, ${traffic.requests()} requests, ${problems.length} wrong`,
        );
    }
    await pause(1_000 / rate / 2);
  }
  say("waiting for what is under way");
  await Promise.all(pieces);
  const stopping = performance.now();
  const exitCode = await server.stop();
  const stopMs = performance.now() - stopping;
  const warnings = loggedWarnings(server.logPath);
  const pending = pendingRows(server.databasePath);
  await server.close();
  for (const problem of problems.slice(0, SHOWN_PROBLEMS)) say(problem);
  if (problems.length > 0) for (const line of warnings.slice(-SHOWN_PROBLEMS)) say(`log: ${line}`);
  const worst = Math.max(0, ...traffic.deviations.map(Math.abs));
  const checks: Check[] = [
    count("outcomes that were wrong or did not come", problems.length),
    {
      what: `deadlines: farthest of ${traffic.deviations.length}`,
      found: `${Math.round(worst)} ms`,
      limit: `≤ ${DEADLINE_MS} ms`,
      met: worst <= DEADLINE_MS,
    },
    count("large commands denied because looking took too long", traffic.tooSlow()),
    count("rows that are pending after the stop", pending),
    {
      what: "the stop",
      found: `exit code ${exitCode} after ${(stopMs / 1_000).toFixed(1)} s`,
      limit: "0 within 5 s",
      met: exitCode === 0 && stopMs <= 5_000,
    },
    ...flatChecks(samples),
  ];
  const what = `${minutes} minutes, ${rate} pieces of traffic a second`;
  return { ...before, what, requests: traffic.requests(), checks };
}

/** Lines of the server's log from warnings on. */
function loggedWarnings(path: string): string[] {
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => /^\{"level":(?:40|50)/.test(line));
}

function count(what: string, found: number): Check {
  return { what, found: String(found), limit: "0", met: found === 0 };
}

function pendingRows(path: string): number {
  const db = new Database(path, { readonly: true });
  const [row] = db.prepare("SELECT count(*) AS pending FROM approvals WHERE status = 'pending'").all();
  db.close();
  return (row as { pending: number }).pending;
}
