// Memory of this process: the most that it had meanwhile, and what is still held once the garbage is collected.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

const SAMPLE_MS = 100;

/** Resident, MB. */
export function peakMegabytes(): { stop(): number } {
  let most = process.memoryUsage.rss();
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, SAMPLE_MS);
  return {
    stop() {
      clearInterval(timer);
      return megabytes(Math.max(most, process.memoryUsage.rss()));
    },
  };
}

/** What JavaScript and its buffers hold, MB. What the allocator keeps for the next time is not in it. */
export function collected(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return megabytes(heapUsed + external);
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e5) / 10;
}
