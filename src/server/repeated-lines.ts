// Folds lines that would come many times a second into one with a count: whoever is turned away must not fill the disk.

/** How long the repeats of a line are counted before they are written, ms. */
const INTERVAL_MS = 1_000;

export interface RepeatedLines {
  /** @param write called at once for the first, and once a second for those that follow, with how many came besides */
  take(message: string, write: (more: number) => void): void;
}

/** @param after runs a task once after some ms. Messages are constants of the program: their number is bounded. */
export function createRepeatedLines(after: (ms: number, task: () => void) => unknown): RepeatedLines {
  /** What came since the last line: how many, and how to write the newest. */
  const counting = new Map<string, { count: number; write: (more: number) => void }>();

  function count(message: string): void {
    const entry = { count: 0, write: (_more: number) => {} };
    counting.set(message, entry);
    after(INTERVAL_MS, () => {
      counting.delete(message);
      if (entry.count === 0) return;
      count(message);
      entry.write(entry.count - 1);
    });
  }

  return {
    take(message, write) {
      const entry = counting.get(message);
      if (entry === undefined) {
        count(message);
        return write(0);
      }
      entry.count += 1;
      entry.write = write;
    },
  };
}
