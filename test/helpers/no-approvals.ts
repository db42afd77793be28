// For doors whose callers never come back: nothing is held, nothing is found.
import type { PolicyDrafter } from "../../src/core/ports/policy-drafter.ts";
import type { Approvals } from "../../src/doors/mcp/approvals.ts";
import type { Readable } from "../../src/doors/mcp/resources/read-resources.ts";
import { createFakeClock } from "./fake-clock.ts";

const nothing = async () => ({});

export const noReadable: Readable = {
  ...{ pending: nothing, recent: nothing, today: nothing, policy: () => ({}), status: () => ({}) },
  ...{ approval: async () => undefined, project: nothing, session: nothing },
};

export const noDrafter: PolicyDrafter = {
  draft: async () => ({ rules: [], leftOut: [], asked: 0, answered: 0, isCut: false }),
};

export const noApprovals: Approvals = {
  heldResults: {
    start: async () => {
      throw new Error("nothing is started here");
    },
  },
  desk: {
    held: () => undefined,
    standing: async () => undefined,
    list: async () => ({ records: [] }),
    find: async () => undefined,
    withdraw: async () => undefined,
  },
  clock: createFakeClock(),
};
