// Runs batches in processes of their own. One that hangs or dies is a finding like any other, with the seed of what it had.
import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import type { BatchResult } from "./batch.ts";
import type { Chooser, Tally } from "./tally.ts";
import type { Task } from "./worker.ts";

export interface WorkersOptions {
  readonly tally: Tally;
  readonly next: Chooser;
  readonly workers: number;
  /** No batch begins later, as `performance.now()` counts. */
  readonly end: number;
  readonly say: (line: string) => void;
  /** Is called after each batch. */
  readonly counted: () => void;
}

/** A batch takes seconds; at the lowest priority, on a machine that does much besides, many minutes. */
const HANG_MS = 3_600_000;

/** Resolves once all is done, or the time is over. Never rejects for what a target finds. */
export async function runInWorkers(options: WorkersOptions): Promise<void> {
  await Promise.all(Array.from({ length: options.workers }, () => work(options)));
}

async function work({ tally, next, end, say, counted }: WorkersOptions): Promise<void> {
  let worker: ChildProcess | undefined;
  for (let task = next(); task !== undefined && performance.now() < end; task = next()) {
    const { of, cases } = task;
    const seed = (tally.seed + of.batches) | 0;
    of.batches += 1;
    worker ??= fork(join(import.meta.dirname, "worker.js"), {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    const result = await answerOf(worker, { target: of.name, seed, cases });
    of.cases += result.cases;
    of.cpuMs += result.cpuMs;
    if (result.failure !== undefined) {
      of.failures.push(result.failure.again);
      say(result.failure.report);
    }
    counted();
    if (!result.isFull) continue;
    leave(worker);
    worker = undefined;
  }
  if (worker !== undefined) leave(worker);
}

/** It ends by itself then, and closes what it has opened. */
function leave(worker: ChildProcess): void {
  if (worker.connected) worker.disconnect();
}

interface Answer extends BatchResult {
  /** Another process must do the next one. */
  readonly isFull: boolean;
}

function answerOf(worker: ChildProcess, task: Task): Promise<Answer> {
  return new Promise((resolve) => {
    const late = setTimeout(() => worker.kill("SIGKILL"), HANG_MS);
    const finish = (answer: Answer) => {
      clearTimeout(late);
      worker.removeAllListeners("message").removeAllListeners("exit");
      resolve(answer);
    };
    worker.once("message", (answer) => finish(answer as Answer));
    worker.once("exit", (code, signal) => {
      const again = `npm run fuzz -- --target ${task.target} --seed ${task.seed} --cases ${task.cases}`;
      const report = `\n${task.target}: its process hung or ended (${signal ?? code})\nagain: ${again}`;
      finish({ cases: 0, cpuMs: 0, failure: { again, report }, isFull: true });
    });
    worker.send(task);
  });
}
