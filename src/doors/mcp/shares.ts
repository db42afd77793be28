// Open streams by whose token they came with: one caller must not take the places of the others.
import type { ServerResponse } from "node:http";
import { requesterOf } from "../requester.ts";

export interface Shares {
  /** Takes a place until the response has closed. @returns false where its caller has too many */
  take(res: ServerResponse): boolean;
}

/** @param maxOfOne of one token; everybody without a named one counts as one */
export function createShares(maxOfOne: number): Shares {
  const open = new Map<string | undefined, number>();
  return {
    take(res) {
      const requester = requesterOf(res);
      const count = open.get(requester) ?? 0;
      if (count >= maxOfOne) return false;
      open.set(requester, count + 1);
      res.once("close", () => {
        const left = (open.get(requester) ?? 1) - 1;
        if (left > 0) open.set(requester, left);
        else open.delete(requester);
      });
      return true;
    },
  };
}
