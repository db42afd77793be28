// The thread for large calls as the main thread has it: started when it is needed, one job after the other and each for a limited time;
// what takes longer is ended with its thread.
import { Worker } from "node:worker_threads";
import PQueue from "p-queue";
import type { Clock } from "../core/ports/clock.ts";
import { deferred, withDeadline } from "../core/timing.ts";
import type { LookJob, LookResult, LookThreadData } from "./look-worker.ts";

export interface LookThread {
  /**
   * Has a job done, after those before it.
   * @throws TooLongError; any other error where the thread could not do it
   */
  run<T>(job: LookJob): Promise<T>;
  close(): void;
}

/** A job was not done within its time. */
export class TooLongError extends Error {
  override readonly name = "TooLongError";
}

export interface LookThreadOptions {
  /** What the thread runs. */
  readonly file: URL;
  readonly data: LookThreadData;
  /** For one job, waiting for those before it included, ms. */
  readonly limitMs: number;
  /** Until the thread takes jobs, ms. */
  readonly startLimitMs: number;
  /** @throws where the program's files are no longer those of its start */
  readonly assertUnchanged: () => void;
  readonly clock: Clock;
}

/** A thread, and when it takes jobs. */
interface StartedThread {
  readonly worker: Worker;
  readonly ready: Promise<void>;
}

/** Resolves with its first message. */
function readyOf(worker: Worker): Promise<void> {
  const { promise, resolve, reject } = deferred<void>();
  worker
    .once("message", () => resolve())
    .once("exit", () => reject(new Error("its thread ended before it was ready")));
  return promise;
}

export function createLookThread(options: LookThreadOptions): LookThread {
  const { file, data, limitMs, startLimitMs, assertUnchanged, clock } = options;
  const queue = new PQueue({ concurrency: 1 });
  let thread: StartedThread | undefined;

  function start(): StartedThread {
    // Its files are read now.
    assertUnchanged();
    const worker = new Worker(file, { workerData: data });
    // It must not keep the process, nor end it: a job that it had notices by itself.
    worker.unref();
    worker.on("error", () => {});
    const reason = () => new Error("its thread did not start in time");
    const started = { worker, ready: withDeadline(startLimitMs, () => readyOf(worker), { clock, reason }) };
    worker.on("exit", () => forget(started));
    started.ready.catch(() => forget(started));
    return started;
  }

  /** Whatever it still does is for nobody. */
  function forget(ended: StartedThread): void {
    if (thread === ended) thread = undefined;
    void ended.worker.terminate();
  }

  async function runNow<T>(job: LookJob, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    thread ??= start();
    const busy = thread;
    await busy.ready;
    signal.throwIfAborted();
    const { promise, resolve, reject } = deferred<LookResult>();
    const onExit = () => reject(new Error("its thread ended"));
    const onAbort = () => reject(signal.reason);
    busy.worker.once("message", resolve).once("exit", onExit).once("messageerror", onExit);
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      busy.worker.postMessage(job);
      const result = await promise;
      if ("error" in result) throw new Error(result.error);
      return result.value as T;
    } catch (error) {
      forget(busy);
      throw error;
    } finally {
      signal.removeEventListener("abort", onAbort);
      busy.worker.off("message", resolve).off("exit", onExit).off("messageerror", onExit);
    }
  }

  return {
    async run<T>(job: LookJob) {
      // Reading the program takes its time on a busy machine, and none of the call's.
      thread ??= start();
      await thread.ready;
      const reason = () => new TooLongError("it took too long");
      const work = (signal: AbortSignal) => queue.add(() => runNow<T>(job, signal));
      return withDeadline(limitMs, work, { clock, reason });
    },
    close() {
      queue.clear();
      if (thread !== undefined) forget(thread);
    },
  };
}
