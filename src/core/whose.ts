// Which requests are whose: a phone sees, and is told of, what its person is asked about.
import type { ApprovalRequest } from "../domain/approval.ts";
import type { ApprovalId, Phone } from "../domain/tool-call.ts";
import type { Approvers } from "./approvers.ts";
import type { Gate } from "./gate-contract.ts";
import type { ReplyResult } from "./reply-result.ts";

export interface Whose {
  /** What waits and that phone is asked about. */
  theirs(phone: Phone): readonly ApprovalRequest[];
  /** Whether it waits and is somebody else's. */
  isSomebodyElses(id: ApprovalId, phone: Phone): boolean;
  /** Whoever has the message of a request; after a restart nobody knows who has it. */
  whoHas(result: ReplyResult): readonly Phone[];
}

export function createWhose(
  gate: Pick<Gate, "waiting">,
  approvers: Pick<Approvers, "mayDecide" | "phonesOf">,
): Whose {
  return {
    theirs: (phone) => gate.waiting().filter(({ project }) => approvers.mayDecide(phone, project)),
    isSomebodyElses: (id, phone) =>
      gate.waiting().some((each) => each.id === id && !approvers.mayDecide(phone, each.project)),
    whoHas(result) {
      if ("askedAt" in result && result.askedAt.length > 0) return result.askedAt;
      return "request" in result ? approvers.phonesOf(result.request.project) : [];
    },
  };
}
