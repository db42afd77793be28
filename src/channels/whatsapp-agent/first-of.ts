// One signal for two reasons to stop: the channel closes, or nobody waits for this any longer. AbortSignal.any is not used here: see
// core/timing.ts.
import { setMaxListeners } from "node:events";

/** @returns a signal that aborts as soon as one of them does, and what takes its listeners away again */
export function firstOf(closing: AbortSignal, wanted: AbortSignal | undefined) {
  const first = new AbortController();
  const releases = [closing, ...(wanted === undefined ? [] : [wanted])].map((signal) => {
    // One signal goes with the messages of a request to every approver; Node would warn of a leak at the eleventh.
    setMaxListeners(0, signal);
    const follow = () => first.abort(signal.reason);
    if (signal.aborted) follow();
    signal.addEventListener("abort", follow, { once: true });
    return () => signal.removeEventListener("abort", follow);
  });
  return {
    signal: first.signal,
    release() {
      for (const each of releases) each();
    },
  };
}
