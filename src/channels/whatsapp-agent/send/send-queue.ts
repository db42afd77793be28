// One message after another, for the whole agent: the platform keeps no order between two at a time. Requests go before confirmations,
// up to a point.

export type SendPriority = "request" | "confirmation";

export interface SendQueue {
  /**
   * Runs work in its turn, alone.
   * @param signal drops it while it waits
   * @throws what the work throws; the signal's reason
   */
  run<T>(priority: SendPriority, work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** Resolves when nothing waits or is under way. */
  idle(): Promise<void>;
}

/** So many messages of requests may pass a waiting confirmation. */
const MAX_PASSING = 4;

export function createSendQueue(): SendQueue {
  const requests: (() => void)[] = [];
  const confirmations: (() => void)[] = [];
  let isBusy = false;
  let passing = 0;
  let whenIdle: (() => void)[] = [];

  function next(): void {
    if (isBusy) return;
    const isTurn = requests.length === 0 || (confirmations.length > 0 && passing >= MAX_PASSING);
    const go = (isTurn ? confirmations : requests).shift();
    if (go === undefined) {
      for (const resolve of whenIdle) resolve();
      whenIdle = [];
      return;
    }
    passing = isTurn || confirmations.length === 0 ? 0 : passing + 1;
    isBusy = true;
    go();
  }

  function turn(lane: (() => void)[], signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const go = () => {
        signal?.removeEventListener("abort", giveUp);
        resolve();
      };
      const giveUp = () => {
        lane.splice(lane.indexOf(go), 1);
        reject(signal?.reason);
      };
      signal?.addEventListener("abort", giveUp, { once: true });
      lane.push(go);
      next();
    });
  }

  return {
    async run(priority, work, signal) {
      signal?.throwIfAborted();
      await turn(priority === "request" ? requests : confirmations, signal);
      try {
        signal?.throwIfAborted();
        return await work();
      } finally {
        isBusy = false;
        next();
      }
    },
    idle: () =>
      new Promise((resolve) => {
        whenIdle.push(resolve);
        next();
      }),
  };
}
