// The policy as the gate asks it: the rules of the file, and the cap of approvals per session.

import type { Clock } from "../core/ports/clock.ts";
import type { Policy, PolicyDecision } from "../core/ports/policy.ts";
import type { PolicyView } from "../core/ports/policy-view.ts";
import type { Submission } from "../domain/submission.ts";
import { createCap, SESSION_IDLE_MS } from "./cap.ts";
import type { decideByRules } from "./decide.ts";
import type { WatchedPolicy } from "./watched-policy.ts";

/** @param byRules decides by a policy that was read: as it comes with what reads it, it is not imported here */
export function createPolicy(watched: WatchedPolicy, clock: Clock, byRules: typeof decideByRules): Policy {
  const cap = createCap(clock);

  /** @param noted called when the session's approvals were counted */
  function decide(submission: Submission, noted: () => void = () => {}): PolicyDecision {
    const { policy, mayAllow } = watched.current();
    const max = policy?.maxApprovals;
    const isUsedUp = max !== undefined && cap.used(submission) >= max;
    noted();
    if (policy === undefined) return { kind: "ask" };
    const decision = byRules(policy, submission, mayAllow);
    return isUsedUp && decision.kind !== "deny" ? beyond(max) : decision;
  }

  return {
    // Counted before anything is awaited, and also without a cap: one may be added to the file during the session.
    decide: async (submission, { id }) => decide(submission, () => cap.opened(submission, id)),
    quorum: () => watched.current().policy?.quorum,
    foresee: (submission) => decide(submission).kind,
    ended({ request, outcome }) {
      cap.closed(request.id, outcome.status === "approved");
    },
  };
}

function beyond(max: number): PolicyDecision {
  return {
    kind: "deny",
    rule: `max_approvals_per_session: ${max}`,
    message:
      `This session has used up its ${max} approvals, those that wait included. Nothing more is asked about. ` +
      "Stop now, say what is done and what is missing. The person goes on with a new session, " +
      `by raising max_approvals_per_session, or after ${SESSION_IDLE_MS / 3_600_000} hours.`,
  };
}

/** The policy in force, to be read. */
export function policyView(watched: WatchedPolicy): PolicyView {
  const { state, policy } = watched.current();
  if (policy === undefined) return { state, rules: [] };
  const { deny, ask, allow, allowCommands, maxApprovals, quorum } = policy;
  const rules = (decision: "deny" | "ask" | "allow", list: readonly { readonly text: string }[]) =>
    list.map(({ text }) => ({ decision, rule: text }));
  return {
    state,
    rules: [...rules("deny", deny), ...rules("ask", ask), ...rules("allow", [...allow, ...allowCommands])],
    maxApprovalsPerSession: maxApprovals,
    ...(quorum === undefined ? {} : { quorum }),
  };
}
