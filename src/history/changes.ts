// Tells readers of the record that something in it has changed, and no more: what, they read. Every write of the server goes
// through here, so that none is missed.
import type { ApprovalStore } from "../core/ports/approval-store.ts";
import type { Clock } from "../core/ports/clock.ts";

/** How long a reader is kept waiting for news, ms: below what proxies and clients take for a dead connection. */
const WAIT_MS = 25_000;
/** Readers that wait so long; each browser tab is one. */
const MAX_WAITING = 100;
/** How long each further one waits, ms: let go at once, it would ask again at once. */
const SHORT_WAIT_MS = 1_000;

export interface Changes {
  /** Stands for the record as it is; another one after each change, and after each start. */
  version(): string;
  /** Resolves when the version is another one, after 25 s, sooner when many wait, or when the reader is gone. */
  after(version: string, gone: AbortSignal): Promise<void>;
}

const WRITES = [
  "insert",
  "settle",
  "recordAcknowledged",
  "cancelPending",
  "addMessages",
  "recordDelivery",
  "noteMessage",
  "noteReply",
  "recordContact",
  "setServiceMode",
  "endGrant",
  "endGrants",
  "park",
] as const satisfies readonly (keyof ApprovalStore)[];

/** @returns the same store, its writes observed; its end lets every reader go */
export function watchChanges(
  store: ApprovalStore,
  clock: Clock,
): { readonly store: ApprovalStore; readonly changes: Changes } {
  const start = clock.now().toString(36);
  const readers = new Set<() => void>();
  let count = 0;
  let isClosed = false;

  function wakeAll(): void {
    for (const wake of [...readers]) wake();
  }

  function observed<A extends unknown[], R>(write: (...args: A) => Promise<R>) {
    return async (...args: A): Promise<R> => {
      try {
        return await write(...args);
      } finally {
        count += 1;
        wakeAll();
      }
    };
  }

  const version = () => `${start}.${count}`;
  const writes = Object.fromEntries(
    WRITES.map((name) => [name, observed(store[name] as (...args: unknown[]) => Promise<unknown>)]),
  ) as Pick<ApprovalStore, (typeof WRITES)[number]>;
  return {
    store: {
      ...store,
      ...writes,
      close() {
        isClosed = true;
        wakeAll();
        return store.close();
      },
    },
    changes: {
      version,
      after(known, gone) {
        if (isClosed || gone.aborted || known !== version()) return Promise.resolve();
        const waitMs = readers.size < MAX_WAITING ? WAIT_MS : SHORT_WAIT_MS;
        return new Promise((resolve) => {
          const wake = () => {
            cancel();
            gone.removeEventListener("abort", wake);
            readers.delete(wake);
            resolve();
          };
          const cancel = clock.after(waitMs, wake);
          gone.addEventListener("abort", wake);
          readers.add(wake);
        });
      },
    },
  };
}
