// What ends a request before anybody is asked: the mode, the policy, a grant.

import type { ApprovalRequest, Outcome } from "../domain/approval.ts";
import type { Submission } from "../domain/submission.ts";
import type { Beforehand } from "./beforehand.ts";
import type { GateDeps } from "./gate-contract.ts";
import { grantFor, grantNow } from "./grant-use.ts";
import type { InFlightRequest, InFlightRequests } from "./in-flight-requests.ts";
import type { PendingRequest } from "./pending-request.ts";
import { askAlways, type ByPolicy, decideByPolicy } from "./policy.ts";

export interface BeforeAskingDeps extends Pick<GateDeps, "policy" | "grants" | "people" | "clock" | "log"> {
  readonly inFlight: Pick<InFlightRequests, "answered">;
  /** What ends every request, whatever it is. */
  readonly closed: () => Outcome | undefined;
  /** @returns whether this outcome is the one that the callers got */
  readonly end: (pending: PendingRequest, outcome: Outcome, stillWanted: () => boolean) => Promise<boolean>;
}

export interface BeforeAsking {
  /** What approves a request with the row that it gets: it then never waits. */
  beforehand(submission: Submission): Beforehand;
  /** What is to end one that waits; undefined where a person is to be asked, or it has ended here. */
  unasked(inFlightRequest: InFlightRequest, pending: PendingRequest): Promise<Outcome | undefined>;
}

const NOT_WRITTEN: Outcome = { status: "failed", message: "it could not be recorded." };

export function createBeforeAsking(deps: BeforeAskingDeps): BeforeAsking {
  const { policy = askAlways, grants, people, clock, log, inFlight, closed, end } = deps;
  /** What the policy has said of those that wait: it is asked once for each. */
  const said = new WeakMap<ApprovalRequest, ByPolicy>();

  /** Somebody's words count for what they are asked about, and nothing else. */
  function byPolicy(submission: Submission, request: ApprovalRequest): Promise<ByPolicy> {
    const { approvedBy: by } = submission;
    const isTheirs = by !== undefined && people.mayDecide(by, request.project);
    const known = isTheirs ? { by, name: people.nameOf(by) } : undefined;
    return decideByPolicy(policy, submission, request, known, log);
  }

  return {
    beforehand: (submission) => ({
      async decide(request) {
        if (closed() !== undefined) return undefined;
        const decided = await byPolicy(submission, request);
        said.set(request, decided);
        if (decided.kind !== "ask") {
          const { outcome } = decided;
          // A denial holds without a disk: its end is tried again where it cannot be written.
          return outcome.status === "approved" ? { outcome, holds: () => closed() === undefined } : undefined;
        }
        const grant = decided.mayUseGrant ? grantNow(submission, request, grants) : undefined;
        if (grant === undefined) return undefined;
        const approved = { status: "approved", by: "grant", grant } as const;
        return { outcome: approved, holds: () => closed() === undefined && grants.holds(grant) };
      },
      dropped: (request) => policy.ended({ request, outcome: NOT_WRITTEN, delivery: "sending", askedAt: [] }),
    }),

    async unasked(inFlightRequest, pending) {
      const outcome = closed();
      if (outcome !== undefined) return outcome;
      const { request } = pending;
      const decided = said.get(request) ?? (await byPolicy(inFlightRequest.submission, request));
      if (decided.kind !== "ask") return decided.outcome;
      if (!decided.mayUseGrant) return undefined;
      const grant = await grantFor(inFlightRequest, pending, grants, clock);
      if (grant === undefined) return undefined;
      const approved = { status: "approved", by: "grant", grant } as const;
      // The last look: what was taken back until now allows nothing, and a person is asked.
      const isApproved = await end(pending, approved, () => closed() === undefined && grants.holds(grant));
      if (isApproved) inFlight.answered(inFlightRequest, { request, outcome: approved });
      return closed();
    },
  };
}
