// What one of several approvals comes to: it is counted, it was counted before, or it was the last one that was needed.
import type { ApprovalRequest, Outcome } from "../domain/approval.ts";
import { type ApproverAction, howOf } from "../domain/approver-action.ts";
import { needsAnswers } from "../domain/asked-questions.ts";
import { peopleNeeded } from "../domain/quorum.ts";
import type { ApprovalId, Phone } from "../domain/tool-call.ts";
import type { Ending } from "./ending.ts";
import type { Deciders } from "./gate-contract.ts";
import type { PendingRequest } from "./pending-request.ts";
import type { ActionResult } from "./question-flow.ts";
import type { ReplyResult } from "./reply-result.ts";

export interface SeveralApprovalsDeps {
  readonly people: Deciders;
  readonly count: Ending["count"];
  readonly addressesOf: (id: ApprovalId) => readonly Phone[];
}

export interface SeveralApprovals {
  /** A plain Approve of a question that somebody else has answered confirms those answers; undefined for all else. */
  confirmed(pending: PendingRequest, action: ApproverAction): ActionResult | undefined;
  /** @returns undefined where one is enough, or where that ended it otherwise */
  counted(pending: PendingRequest, outcome: Outcome): Promise<ReplyResult | undefined>;
}

export function createSeveralApprovals({
  people,
  count,
  addressesOf,
}: SeveralApprovalsDeps): SeveralApprovals {
  const personAt = (by: Phone) => people.personOf(by)?.name ?? by;

  /** Wherever it was sent, and to everybody else who is asked: their message may still be on its way. */
  function whoeverIsAsked({ id, project }: ApprovalRequest): readonly Phone[] {
    const sentTo = addressesOf(id);
    const others = people
      .askedFor(project)
      .filter(({ addresses }) => !addresses.some((address) => sentTo.includes(address)));
    return [...sentTo, ...others.flatMap(({ addresses }) => addresses.slice(0, 1))];
  }

  return {
    confirmed(pending, action) {
      const [first] = pending.approvals;
      if (first?.answers === undefined || !needsAnswers(pending.request.call) || action.kind === "deny")
        return undefined;
      const { by } = action;
      if (action.kind === "answer" && first.person !== personAt(by))
        return { kind: "pending", result: { kind: "to-confirm", first } };
      return {
        kind: "final",
        outcome: { status: "approved", by, answers: first.answers, ...howOf(action) },
      };
    },
    async counted(pending, outcome) {
      const { request, acknowledged } = pending;
      const needed = peopleNeeded(request, pending.hidden);
      if (needed <= 1 || outcome.status !== "approved") return undefined;
      const { by } = outcome;
      if (by === "policy" || by === "grant") return undefined;
      const askedAt = addressesOf(request.id);
      const result = await count(pending, { ...outcome, by }, personAt(by), needed);
      const [first] = pending.approvals;
      switch (result.kind) {
        case "decided":
          return { kind: "decided", request, outcome: result.outcome, acknowledged, askedAt };
        case "counted": {
          const { name, answers } = outcome;
          const told = whoeverIsAsked(request);
          return { kind: "counted", request, by, name, answers, have: result.have, needed, askedAt: told };
        }
        case "again":
          return { kind: "counted-before", have: pending.approvals.length, needed };
        case "other-answers":
          return first === undefined ? undefined : { kind: "to-confirm", first };
        case "ended":
          return undefined;
      }
    },
  };
}
