// The long poll: holds a response back until the request has ended, the time is over, or the caller has gone.

import type { ServerResponse } from "node:http";
import type { Clock } from "../../core/ports/clock.ts";
import type { HeldResult } from "../held/held-result.ts";
import { Problem } from "./problem.ts";

/** The longest hold, ms. Proxies and clients commonly give up on a silent response soon after 60 s. */
export const POLL_MS = 60_000;
/** Polls that are open at once; a caller needs one. */
const MAX_POLLS = 400;

/** Resolves when there is something to say, or nobody to say it to. @throws Problem when too many are open */
export type Poll = (held: HeldResult, res: ServerResponse) => Promise<void>;

export function createPoll(clock: Clock): Poll {
  let open = 0;
  return async (held, res) => {
    if (held.outcome() !== undefined || res.destroyed) return;
    if (open >= MAX_POLLS) {
      throw new Problem("too-many", "Too many calls wait. Try again.", { headers: { "retry-after": "5" } });
    }
    open += 1;
    let stop = () => {};
    await new Promise<void>((resolve) => {
      const unwatch = held.watch(resolve);
      const cancel = clock.after(POLL_MS, resolve);
      res.once("close", resolve);
      stop = () => {
        unwatch();
        cancel();
        res.off("close", resolve);
      };
    });
    stop();
    open -= 1;
  };
}
