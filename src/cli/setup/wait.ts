// Waits for something that happens on the phone: at most so long, with a way to skip it, and a line that says how long is left.
// Every timer and listener is gone when it is over.
import type { Clock } from "../../core/ports/clock.ts";
import { withDeadline } from "../../core/timing.ts";
import { SetupCancelled, type Wait, type Waited } from "./asker.ts";

/** How a wait is shown, and where its keys come from. */
export interface WaitView {
  readonly clock: Clock;
  /** Setup is stopped from outside. */
  readonly signal: AbortSignal;
  show(line: string): void;
  /** Between two showings, ms. */
  readonly showEveryMs: number;
  /** Calls back with what the person wants; returns what ends the listening. */
  keys?(onKey: (wish: "skip" | "cancel") => void): () => void;
}

const SKIPPED = Symbol("skipped");
const LATE = new Error("the wait is over");

export async function waitFor<T>({ line, limitMs, work }: Wait<T>, view: WaitView): Promise<Waited<T>> {
  const { clock, signal, show, showEveryMs } = view;
  const stopped = new AbortController();
  const follow = () => stopped.abort(new SetupCancelled());
  if (signal.aborted) throw new SetupCancelled();
  signal.addEventListener("abort", follow, { once: true });
  const until = clock.elapsed() + limitMs;
  let cancelShow = () => {};
  const showLine = () => {
    show(line(leftText(until - clock.elapsed())));
    cancelShow = clock.after(showEveryMs, showLine);
  };
  const quiet = view.keys?.((wish) => stopped.abort(wish === "skip" ? SKIPPED : new SetupCancelled()));
  try {
    showLine();
    const value = await withDeadline(limitMs, work, { clock, signal: stopped.signal, reason: () => LATE });
    return { kind: "done", value };
  } catch (error) {
    if (stopped.signal.reason instanceof SetupCancelled) throw stopped.signal.reason;
    if (stopped.signal.reason === SKIPPED) return { kind: "skipped" };
    if (error === LATE) return { kind: "timeout" };
    throw error;
  } finally {
    cancelShow();
    quiet?.();
    signal.removeEventListener("abort", follow);
  }
}

/** "4:05" */
function leftText(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
