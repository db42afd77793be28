// A thread of its own for looking through large calls and writing them out: whatever one of them costs, the server goes on
// answering. Started by look.ts only; in the main thread this file does nothing.
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import type { ToolCall } from "../domain/tool-call.ts";
import { createInspector, type InspectorOptions } from "../inspection/inspector.ts";
import { type RenderOptions, type RenderTask, render } from "./renderers.ts";

/** One thing to do. */
export type LookJob =
  | { readonly kind: "inspect"; readonly call: ToolCall; readonly cwd: string | undefined }
  | ({ readonly kind: "render" } & RenderTask);

/** What the thread is started with. */
export interface LookThreadData {
  readonly inspecting: InspectorOptions;
  readonly rendering: RenderOptions;
}

/** What the thread says once it takes jobs. */
const READY = "ready";

/** What became of it. */
export type LookResult = { readonly value: unknown } | { readonly error: string };

function serve(port: MessagePort, { inspecting, rendering }: LookThreadData): void {
  const inspector = createInspector(inspecting);
  const answer = (result: LookResult) => port.postMessage(result);
  const work = async (job: LookJob) =>
    job.kind === "inspect" ? inspector.inspect(job.call, job.cwd) : render(job, rendering);
  port.on("message", (job: LookJob) => {
    work(job)
      .then((value) => answer({ value }))
      // Also where the value cannot be handed over.
      .catch((error: unknown) => answer({ error: error instanceof Error ? error.message : String(error) }));
  });
  port.postMessage(READY);
}

if (parentPort !== null) serve(parentPort, workerData as LookThreadData);
