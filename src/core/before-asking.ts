// What ends a request before anybody is asked: the mode, the policy, a grant.

import type { Outcome } from "../domain/approval.ts";
import type { GateDeps } from "./gate-contract.ts";
import { grantFor } from "./grant-use.ts";
import type { InFlightRequest, InFlightRequests } from "./in-flight-requests.ts";
import type { PendingRequest } from "./pending-request.ts";
import { askAlways, decideByPolicy } from "./policy.ts";

export interface BeforeAskingDeps extends Pick<GateDeps, "policy" | "grants" | "clock" | "log"> {
  readonly inFlight: Pick<InFlightRequests, "answered">;
  /** What ends every request, whatever it is. */
  readonly closed: () => Outcome | undefined;
  /** @returns whether this outcome is the one that the callers got */
  readonly end: (pending: PendingRequest, outcome: Outcome, stillWanted: () => boolean) => Promise<boolean>;
}

/** @returns gives what is to end the request; undefined where a person is to be asked, or it has ended here */
export function createBeforeAsking(deps: BeforeAskingDeps) {
  const { policy = askAlways, grants, clock, log, inFlight, closed, end } = deps;
  return async (inFlightRequest: InFlightRequest, pending: PendingRequest): Promise<Outcome | undefined> => {
    const outcome = closed();
    if (outcome !== undefined) return outcome;
    const decided = await decideByPolicy(policy, inFlightRequest.submission, pending.request, log);
    if (decided.kind !== "ask") return decided.outcome;
    if (!decided.mayUseGrant) return undefined;
    const grant = await grantFor(inFlightRequest, pending, grants, clock);
    if (grant === undefined) return undefined;
    const approved = { status: "approved", by: "grant", grant } as const;
    // The last look: what was taken back until now allows nothing, and a person is asked.
    const isApproved = await end(pending, approved, () => closed() === undefined && grants.holds(grant));
    if (isApproved) inFlight.answered(inFlightRequest, { request: pending.request, outcome: approved });
    return closed();
  };
}
