// The outcome of a request whose time is over. "Nobody answered" is said only where somebody was asked, and nobody did.
import type { Outcome } from "../domain/approval.ts";
import type { PendingRequest } from "./pending-request.ts";

export function expired({ delivery, approvals }: Pick<PendingRequest, "delivery" | "approvals">): Outcome {
  if (approvals.length > 0)
    return { status: "expired", short: approvals.map(({ person: _, answers: __, ...endorser }) => endorser) };
  // Accepted without news since (`queued`) is as far as is known where no receipts come in.
  if (delivery === "sending") return { status: "expired", reach: "unsent" };
  return delivery === "sent" ? { status: "expired", reach: "undelivered" } : { status: "expired" };
}
