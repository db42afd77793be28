// The outcome of a request whose time is over. "Nobody answered" is said only where somebody was asked.
import type { Outcome } from "../domain/approval.ts";
import type { PendingRequest } from "./pending-request.ts";

export function expired({ delivery }: Pick<PendingRequest, "delivery">): Outcome {
  // Accepted without news since (`queued`) is as far as is known where no receipts come in.
  if (delivery === "sending") return { status: "expired", reach: "unsent" };
  return delivery === "sent" ? { status: "expired", reach: "undelivered" } : { status: "expired" };
}
