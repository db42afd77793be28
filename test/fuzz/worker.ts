// Runs the batches that workers.ts hands it, in a process of its own: what hangs or crashes there takes nothing else with it.
import { type Batch, runBatch } from "./batch.ts";
import type { Opened } from "./target.ts";
import { TARGETS } from "./targets.ts";

export interface Task extends Batch {
  readonly target: string;
}

/** What a process of long use has gathered: a new one goes on then. */
const MOST_BYTES = 700_000_000;

const opened = new Map<string, Promise<Opened<unknown>>>();

process.on("message", async ({ target: name, ...batch }: Task) => {
  const target = TARGETS.find((each) => each.name === name);
  if (target === undefined) throw new Error(`no target ${name}`);
  const parts = opened.get(name) ?? target.open();
  opened.set(name, parts);
  const result = await runBatch(target, await parts, batch);
  // Whoever started it may have gone meanwhile.
  process.send?.({ ...result, isFull: process.memoryUsage().rss > MOST_BYTES }, () => {});
});

process.once("disconnect", async () => {
  for (const parts of opened.values()) await (await parts).close?.();
  process.exit();
});
