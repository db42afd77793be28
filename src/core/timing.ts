// The one place that makes time limits and pauses. Every timer and every listener is gone when its work is over.
// Never builds a limit from AbortSignal.any and AbortSignal.timeout: on Node 20 nothing keeps the time-out from being
// garbage-collected, and then it never fires.
import type { Clock } from "./ports/clock.ts";

export interface DeadlineOptions {
  /** Ends the wait early, with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Default: the real timer. */
  readonly clock?: Pick<Clock, "after"> | undefined;
  /** What the wait rejects with at the limit. Default: an error with the code ETIMEDOUT. */
  readonly reason?: (() => Error) | undefined;
}

/**
 * The result of `work`, if it comes in time. The signal that `work` gets aborts at the limit and when the caller's does.
 * Work that ignores it goes on unobserved: the wait ends anyway.
 * @throws what `work` throws; at the limit, `reason()`; the caller's signal's reason as soon as that aborts.
 */
export async function withDeadline<T>(
  limitMs: number,
  work: (signal: AbortSignal) => Promise<T>,
  options: DeadlineOptions = {},
): Promise<T> {
  const { signal, clock = realTimer, reason = () => timedOut(limitMs) } = options;
  signal?.throwIfAborted();
  // Work that takes no signal needs none: one is made for each call otherwise.
  const over = work.length === 0 ? undefined : new AbortController();
  const { promise: ended, reject } = deferred<never>();
  const end = (why: unknown) => {
    over?.abort(why);
    reject(why);
  };
  const follow = () => end(signal?.reason);
  signal?.addEventListener("abort", follow, { once: true });
  const cancel = clock.after(limitMs, () => end(reason()));
  try {
    return await Promise.race([ended, work(over?.signal ?? NO_SIGNAL)]);
  } finally {
    cancel();
    signal?.removeEventListener("abort", follow);
  }
}

/** Resolves when `work` does, or after `limitMs`, whichever comes first. @throws what `work` throws before that. */
export async function waitAtMost(limitMs: number, work: Promise<unknown>, clock: Clock): Promise<void> {
  const late = new Error("it took too long");
  try {
    await withDeadline(limitMs, () => work, { clock, reason: () => late });
  } catch (error) {
    if (error !== late) throw error;
  }
}

/** Resolves after `delayMs`. @throws the signal's reason as soon as it aborts. */
export function pause(delayMs: number, clock: Clock, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const onAbort = () => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = clock.after(delayMs, () => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    });
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

/** For work that does not look at it. */
const NO_SIGNAL = new AbortController().signal;

const realTimer: Pick<Clock, "after"> = {
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
};

function timedOut(limitMs: number): Error {
  return Object.assign(new Error(`no answer within ${limitMs} ms`), { code: "ETIMEDOUT" });
}

/**
 * How much is left of a time that begins now, ms; negative when it is over. By both clocks: the wall clock may be set back,
 * the other one may stand still while the machine sleeps, and neither may make the time longer.
 */
export function timeLeft(ms: number, clock: Clock): () => number {
  const [until, elapsedUntil] = [clock.now() + ms, clock.elapsed() + ms];
  return () => Math.min(until - clock.now(), elapsedUntil - clock.elapsed());
}

/** A promise and what settles it: Promise.withResolvers is not in Node 20. */
export function deferred<T>(): {
  promise: Promise<T>;
  resolve(value: T): void;
  reject(reason: unknown): void;
} {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((done, fail) => {
    resolve = done;
    reject = fail;
  });
  return { promise, resolve, reject };
}
