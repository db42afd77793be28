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
import { PLAN_TOOL } from "../domain/plan.ts";
import type { ToolCall } from "../domain/tool-call.ts";
import type { InspectorOptions } from "../inspection/inspector.ts";
import type { LookJob, LookResult } from "./look-worker.ts";
import { PartError, watchFiles, whenUsed } from "./when-used.ts";

/** What is looked at without a thread: milliseconds at most, whatever it says. UTF-16 units of all texts and keys; values. */
const SMALL_LENGTH = 4_000;
const SMALL_COUNT = 100;
/** For one call, waiting for those before it included, ms. Below the limit of core/safe-inspection.ts. */
const LIMIT_MS = 4_000;

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
  /** Brings what looks at small calls and writes them out. Default: their import. */
  readonly loadParts?: typeof loadParts | undefined;
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
  const { clock, workerFile, limitMs = LIMIT_MS, loadParts: load = loadParts, ...options } = lookOptions;
  const file = workerFile ?? builtFile();
  const assertUnchanged = watchFiles();
  let loaded: Awaited<ReturnType<typeof parts>> | undefined;
  const parts = whenUsed(async () => {
    const { createInspector, promptFor } = await load();
    return { inspector: createInspector(options), promptFor };
  }, assertUnchanged);
  const queue = new PQueue({ concurrency: 1 });
  let worker: Worker | undefined;

  function start(from: URL): Worker {
    // Its files are read now.
    assertUnchanged();
    const started = new Worker(from, { workerData: options });
    // It must not keep the process, nor end it: a job that it had notices by itself.
    started.unref();
    started.on("error", () => {});
    started.on("exit", () => {
      if (worker === started) worker = undefined;
    });
    return started;
  }

  async function run<T>(from: URL, job: LookJob, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    worker ??= start(from);
    const busy = worker;
    const { promise, resolve, reject } = deferred<LookResult>();
    const onExit = () => reject(new Error("its thread ended"));
    const onAbort = () => reject(signal.reason);
    busy.once("message", resolve).once("exit", onExit).once("messageerror", onExit);
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      busy.postMessage(job);
      const result = await promise;
      if ("error" in result) throw new Error(result.error);
      return result.value as T;
    } catch (error) {
      // Whatever it still does is for nobody.
      worker = undefined;
      void busy.terminate();
      throw error;
    } finally {
      signal.removeEventListener("abort", onAbort);
      busy.off("message", resolve).off("exit", onExit).off("messageerror", onExit);
    }
  }

  function inThread<T>(from: URL, job: LookJob): Promise<T> {
    const reason = () => new Error("it took too long");
    const work = (signal: AbortSignal) => queue.add(() => run<T>(from, job, signal));
    return withDeadline(limitMs, work, { clock, reason });
  }

  /** Loading them counts as looking: a call that was not looked at is never shown. */
  async function small() {
    const reason = () => new PartError(LOADING);
    loaded ??= await withDeadline(limitMs, parts, { clock, reason });
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
      void worker?.terminate();
      worker = undefined;
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

/** Stops counting as soon as it is not. */
function isSmall({ toolName, input }: ToolCall): boolean {
  // The file that it is in, or replaces, may be large.
  if (toolName === PLAN_TOOL || toolName === "Write") return false;
  let length = 0;
  let count = 0;
  const rest: unknown[] = [input];
  while (rest.length > 0) {
    const value = rest.pop();
    count += 1;
    if (typeof value === "string") length += value.length;
    else if (typeof value === "object" && value !== null) {
      for (const key in value) {
        length += key.length;
        rest.push((value as Record<string, unknown>)[key]);
        if (rest.length > SMALL_COUNT) return false;
      }
    }
    if (length > SMALL_LENGTH || count > SMALL_COUNT) return false;
  }
  return true;
}
