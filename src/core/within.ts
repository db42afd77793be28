// Waiting with a limit: for work that is welcome but must not hold up a stop.
import type { Clock } from "./ports/clock.ts";

/** Resolves when `work` does, or after `limitMs`, whichever comes first. Leaves no timer behind. */
export async function within(work: Promise<unknown>, limitMs: number, clock: Clock): Promise<void> {
  let cancel = () => {};
  const limit = new Promise<void>((resolve) => {
    cancel = clock.after(limitMs, resolve);
  });
  await Promise.race([work, limit]).finally(() => cancel());
}
