// Looking through a call and writing it out: small ones at once, large ones in a thread of their own, one after the other and
// for a limited time. What was not looked through to its end is never shown: it is denied.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import PQueue from "p-queue";
import type { Prompt } from "../channels/whatsapp-format/request-prompt.ts";
import type { Clock } from "../core/ports/clock.ts";
import { type Inspector, NotInspectedError } from "../core/ports/inspector.ts";
import { deferred, withDeadline } from "../core/timing.ts";
import type { ApprovalRequest } from "../domain/approval.ts";
import { DeliveryError } from "../domain/errors.ts";
import type { Inspection } from "../domain/inspection.ts";
import type { InspectorOptions } from "../inspection/inspector.ts";
import type { LookJob, LookResult } from "./look-worker.ts";
import { isSmall } from "./small-call.ts";
import { PartError, watchFiles, whenUsed } from "./when-used.ts";

/** For one call, waiting for those before it included, ms. */
const LIMIT_MS = 4_000;
/** Until what looks is loaded, in this thread or in its own, ms. Together with `LIMIT_MS` below the limit of core/safe-inspection.ts. */
const START_LIMIT_MS = 10_000;

export interface Look {
  readonly inspector: Inspector;
  /** @throws DeliveryError where it takes too long */
  render(request: ApprovalRequest): Promise<Prompt>;
  close(): void;
}

export interface LookOptions extends InspectorOptions {
  readonly clock: Clock;
  /** The built file of the thread. Default: beside this file, where it is built; sources have none, and look at all at once. */
  readonly workerFile?: URL | undefined;
  /** Default: 4 s. */
  readonly limitMs?: number | undefined;
  /** How long what looks may take to be loaded. Default: 10 s. */
  readonly startLimitMs?: number | undefined;
  /** Brings what looks at small calls and writes them out. Default: their import. */
  readonly loadParts?: typeof loadParts | undefined;
}

/** The thread, and when it takes jobs. */
interface LookThread {
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

const LOADING = "The approval server is still loading what looks at calls: try again.";

/** The largest part of this program: its tables, and the parsers. */
async function loadParts() {
  const [{ createInspector }, { promptFor }] = await Promise.all([
    import("../inspection/inspector.ts"),
    import("../channels/whatsapp-format/request-prompt.ts"),
  ]);
  return { createInspector, promptFor };
}

export function createLook(lookOptions: LookOptions): Look {
  const { clock, workerFile, loadParts: load = loadParts, ...rest } = lookOptions;
  const { limitMs = LIMIT_MS, startLimitMs = START_LIMIT_MS, ...options } = rest;
  const file = workerFile ?? builtFile();
  const assertUnchanged = watchFiles();
  let loaded: Awaited<ReturnType<typeof parts>> | undefined;
  const parts = whenUsed(async () => {
    const { createInspector, promptFor } = await load();
    return { inspector: createInspector(options), promptFor };
  }, assertUnchanged);
  const queue = new PQueue({ concurrency: 1 });
  let thread: LookThread | undefined;

  function start(from: URL): LookThread {
    // Its files are read now.
    assertUnchanged();
    const worker = new Worker(from, { workerData: options });
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
  function forget(ended: LookThread): void {
    if (thread === ended) thread = undefined;
    void ended.worker.terminate();
  }

  async function run<T>(from: URL, job: LookJob, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    thread ??= start(from);
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

  async function inThread<T>(from: URL, job: LookJob): Promise<T> {
    // Reading the program takes its time on a busy machine, and none of the call's.
    thread ??= start(from);
    await thread.ready;
    const reason = () => new Error("it took too long");
    const work = (signal: AbortSignal) => queue.add(() => run<T>(from, job, signal));
    return withDeadline(limitMs, work, { clock, reason });
  }

  /** A call that was not looked at is never shown: without them it is denied. */
  async function small() {
    const reason = () => new PartError(LOADING);
    loaded ??= await withDeadline(startLimitMs, parts, { clock, reason });
    return loaded;
  }

  return {
    inspector: {
      async inspect(call, cwd) {
        if (file !== undefined && !isSmall(call))
          return inThread<Inspection>(file, { kind: "inspect", call, cwd }).catch(notInspected);
        const { inspector } = await small().catch(notInspected);
        return inspector.inspect(call, cwd);
      },
    },
    async render(request) {
      if (file !== undefined && !isSmall(request.inspection.shown))
        return inThread<Prompt>(file, { kind: "render", request }).catch(notRendered);
      const { promptFor } = await small().catch(notRendered);
      return promptFor(request);
    },
    close() {
      queue.clear();
      if (thread !== undefined) forget(thread);
    },
  };
}

function notInspected(cause: unknown): never {
  if (cause instanceof PartError)
    throw new NotInspectedError("what looks at calls is not there", { said: cause.message, cause });
  throw new NotInspectedError("the call could not be looked through in time", { cause });
}

function notRendered(cause: unknown): never {
  const [message, advice] =
    cause instanceof PartError
      ? ["The call could not be written out.", cause.message]
      : ["The call could not be written out in time.", "Ask Claude to split it into smaller ones."];
  throw new DeliveryError(message, advice, undefined, { cause });
}

function builtFile(): URL | undefined {
  const file = new URL("./look-worker.js", import.meta.url);
  return existsSync(fileURLToPath(file)) ? file : undefined;
}
