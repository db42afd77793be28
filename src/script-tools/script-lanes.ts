// When an approved script may start: at once while few run; one that is to run alone, after all that were approved before it.
import PQueue from "p-queue";

/** Scripts that run at one time. */
const MAX_RUNNING = 4;
/** Runs of one script that may wait for it to end. */
const MAX_WAITING = 20;

interface Lane {
  /** How many runs come before one that comes now. */
  ahead(): number;
  isFull(): boolean;
  /** Runs the work when its turn comes. @throws what it throws */
  run<T>(work: () => Promise<T>): Promise<T>;
}

export interface ScriptLanes {
  of(name: string, isSerial: boolean): Lane;
}

export function createScriptLanes(maxRunning = MAX_RUNNING, maxWaiting = MAX_WAITING): ScriptLanes {
  const together = new PQueue({ concurrency: maxRunning });
  const alone = new Map<string, PQueue>();

  function laneOf(queue: PQueue, concurrency: number, begin: Lane["run"]): Lane {
    return {
      ahead: () => Math.max(0, queue.pending + queue.size + 1 - concurrency),
      isFull: () => queue.size >= maxWaiting,
      run: (work) => queue.add(() => begin(work)),
    };
  }

  const parallel = laneOf(together, maxRunning, (work) => work());
  return {
    of(name, isSerial) {
      if (!isSerial) return parallel;
      const queue = alone.get(name) ?? new PQueue({ concurrency: 1 });
      alone.set(name, queue);
      return laneOf(queue, 1, parallel.run);
    },
  };
}
