// How a request stands, in words for a program. "approved" is said only to the caller that gets the approval with
// this very response, or once a caller is known to have got it: everything else fails closed.
import type { StoredApproval } from "../../core/ports/request-store.ts";
import type { ApprovalRequest, Outcome, Status } from "../../domain/approval.ts";
import { type ApprovalResult, resultOf } from "../approval-ask.ts";
import type { ShownApproval, ShownStatus } from "./shapes.ts";

const NOT_FETCHED =
  "It was approved, but the answer was not fetched in time or was taken back, so it counts no more. Nothing may run; ask again.";
const LOST = "Nobody waits for it any more. Nothing was approved.";
const FALSIFIED =
  "Its record says approved, and the event log does not show that: it was changed, or is older than the log. Nothing may run on it; ask again.";

type Times = Pick<ApprovalRequest, "createdAt" | "expiresAt">;

export function pending(id: string, times: Times): ShownApproval {
  return shown({ approval_id: id, status: "pending", decided: false }, times);
}

/** A request whose outcome is handed over with the response. */
export function ended(request: ApprovalRequest, outcome: Outcome, serverTimeoutMs: number): ShownApproval {
  return shown(resultOf(request, outcome, serverTimeoutMs), request);
}

/** A request as the record has it. @param isOpen it waits, or its answer can still be fetched */
export function recorded(approval: StoredApproval, isOpen: boolean, serverTimeoutMs: number): ShownApproval {
  const { id, outcome, acknowledged } = approval;
  const failed = { approval_id: id, decided: false };
  if (outcome === undefined || (outcome.status === "approved" && acknowledged !== true)) {
    if (isOpen) return pending(id, approval);
    if (outcome === undefined) return shown({ ...failed, status: "error", reason: LOST }, approval);
    // What is not known to have been fetched counts as not fetched, also after a crash.
    return shown({ ...failed, status: "expired", reason: NOT_FETCHED }, approval);
  }
  return shown(resultOf(approval, outcome, serverTimeoutMs), approval);
}

/** Where the row says "approved" and the event log does not. */
export function falsified(approval: StoredApproval): ShownApproval {
  return shown({ approval_id: approval.id, status: "error", decided: false, reason: FALSIFIED }, approval);
}

/** The stored statuses that may be shown as this one. */
export const STORED_AS: Readonly<Record<ShownStatus, readonly Status[]>> = {
  pending: ["pending", "approved"],
  approved: ["approved"],
  denied: ["denied", "refused", "blocked"],
  expired: ["expired", "approved"],
  timeout: ["expired"],
  error: ["pending", "approved", "undeliverable", "cancelled", "failed"],
};

function shown(
  { approval_id, status, decided, reason }: Omit<ApprovalResult, "status"> & { status: ShownStatus },
  { createdAt, expiresAt }: Times,
): ShownApproval {
  return {
    approval_id,
    status,
    decided,
    reason,
    created_at: new Date(createdAt).toISOString(),
    expires_at: new Date(expiresAt).toISOString(),
  };
}
