// Waits that end: by the clock, or by a signal. Neither leaves a timer or a listener behind.
import type { Clock } from "../../../core/ports/clock.ts";

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

/**
 * The result of `work`, if it comes in time. The work itself goes on: the SDK's calls cannot be aborted.
 * @throws an ETIMEDOUT error after `limitMs`; the signal's reason as soon as it aborts.
 */
export async function bounded<T>(
  work: () => Promise<T>,
  limitMs: number,
  clock: Clock,
  signal?: AbortSignal,
): Promise<T> {
  const over = new AbortController();
  const stop = signal === undefined ? over.signal : AbortSignal.any([over.signal, signal]);
  const limit = pause(limitMs, clock, stop).then(() => {
    throw Object.assign(new Error(`no answer within ${limitMs} ms`), { code: "ETIMEDOUT" });
  });
  try {
    return await Promise.race([limit, Promise.resolve().then(work)]);
  } finally {
    over.abort();
  }
}
