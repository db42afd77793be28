// For doors whose callers never come back: nothing is held, nothing is found.
import type { Approvals } from "../../src/doors/mcp/approvals.ts";
import { createFakeClock } from "./fake-clock.ts";

export const noApprovals: Approvals = {
  heldResults: {
    start: async () => {
      throw new Error("nothing is started here");
    },
  },
  desk: {
    held: () => undefined,
    standing: async () => undefined,
    list: async () => ({ approvals: [] }),
    withdraw: async () => undefined,
  },
  clock: createFakeClock(),
};
