// The updates that wait for the bot, and the one call that may wait for them.
import { ERRORS } from "./api-error.ts";

interface QueuedUpdate {
  readonly update_id: number;
  readonly [kind: string]: unknown;
}

interface GetUpdates {
  readonly offset?: number | undefined;
  readonly limit?: number | undefined;
  readonly timeoutMs: number;
  readonly allowed?: readonly string[] | undefined;
}

export interface Updates {
  push(kind: string, value: unknown): void;
  /** @throws BotApiError where another call takes its place */
  get(query: GetUpdates, gone: AbortSignal): Promise<readonly QueuedUpdate[]>;
  /** Ends the call that waits. */
  conflict(error: Error): void;
  renumber(next: number): void;
  isPolled(): boolean;
}

/** What a bot is told of that has not asked for anything. */
const NOT_BY_DEFAULT = new Set(["chat_member", "message_reaction", "message_reaction_count"]);
const FIRST_ID = 700_000_001;

export function createUpdates(): Updates {
  let queue: QueuedUpdate[] = [];
  let nextId = FIRST_ID;
  let allowed: readonly string[] = [];
  let waiting: { wake(): void; refuse(error: Error): void } | undefined;

  const isWanted = (kind: string) =>
    allowed.length === 0 ? !NOT_BY_DEFAULT.has(kind) : allowed.includes(kind);

  /** A lower number confirms nothing, and one from another count is none. */
  function confirm(offset: number): void {
    const last = queue.at(-1)?.update_id ?? nextId - 1;
    if (offset > last + 11) return;
    queue = offset < 0 ? queue.slice(offset) : queue.filter(({ update_id }) => update_id >= offset);
  }

  function conflict(error: Error): void {
    waiting?.refuse(error);
    waiting = undefined;
  }

  return {
    push(kind, value) {
      if (!isWanted(kind)) return;
      queue.push({ update_id: nextId, [kind]: value });
      nextId += 1;
      waiting?.wake();
    },
    async get({ offset, limit = 100, timeoutMs, allowed: kinds }, gone) {
      if (kinds !== undefined) allowed = kinds;
      if (offset !== undefined && offset !== 0) confirm(offset);
      if (queue.length === 0 && timeoutMs > 0) {
        conflict(ERRORS.otherPoller());
        await new Promise<void>((resolve, reject) => {
          const end = () => {
            clearTimeout(timer);
            gone.removeEventListener("abort", end);
            if (waiting === self) waiting = undefined;
            resolve();
          };
          const timer = setTimeout(end, timeoutMs);
          const self = {
            wake: end,
            refuse(error: Error) {
              // What settles it first counts.
              reject(error);
              end();
            },
          };
          gone.addEventListener("abort", end, { once: true });
          waiting = self;
        });
      }
      return queue.slice(0, limit);
    },
    conflict,
    renumber(next) {
      nextId = next;
      queue = [];
    },
    isPolled: () => waiting !== undefined,
  };
}
