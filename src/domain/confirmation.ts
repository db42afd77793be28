// What the phone reads after a reply: product text. Says "approved" only of what the caller has got.
import type { ApprovalId, CancelCause, Outcome, Verdict } from "./approval.ts";

const NOT_WAITING = "Claude was no longer waiting: nothing ran";

/** After a decision that counted. @param answered whether the caller got it. */
export function decidedText(id: ApprovalId, verdict: Verdict, answered: boolean): string {
  if (!answered) return `⌛ ${id}: ${NOT_WAITING}`;
  return verdict.status === "approved"
    ? `✅ ${id} approved: Claude has the answer`
    : `❌ ${id} denied: Claude has the answer`;
}

/** After a reply to a request that had already ended. Times in epoch ms. */
export function staleText(
  {
    id,
    outcome,
    decidedAt,
    answered,
  }: {
    readonly id: ApprovalId;
    readonly outcome?: Outcome;
    readonly decidedAt?: number;
    readonly answered?: boolean;
  },
  now: number,
): string {
  const ago = decidedAt === undefined ? "" : ` ${agoText(now - decidedAt)} ago`;
  switch (outcome?.status) {
    case "approved":
      if (answered === false) return `⌛ ${id} was approved${ago}, but ${NOT_WAITING}`;
      return `✅ ${id} was already approved${ago}: this reply changed nothing`;
    case "denied":
      return `❌ ${id} was already denied${ago}: nothing ran`;
    case "expired":
      return `⌛ ${id} expired${ago}: nothing ran`;
    case "undeliverable":
      return `⌛ ${id} ended${ago}, its message had failed: nothing ran`;
    case "cancelled":
      return `⌛ ${id} ended${ago}: ${CANCELLED[outcome.cause]}`;
    case "failed":
    case undefined:
      return `⌛ ${id} ended${ago} with an error: nothing ran`;
  }
}

const CANCELLED: Record<CancelCause, string> = {
  disconnected: NOT_WAITING,
  shutdown: "the approval server was stopped: nothing ran",
  restart: "the approval server was restarted: nothing ran",
};

export function unknownText(id: ApprovalId): string {
  return `There is no request ${id}: nothing changed`;
}

export function failedText(id: ApprovalId): string {
  return `❌ ${id}: the answer could not be recorded: nothing ran`;
}

/** Sent at most once a minute. */
export const HELP_TEXT =
  "Nothing changed. Tap a button, or type APPROVE or DENY and the request ID, for example:\n" +
  "APPROVE kqmwa\nDENY kqmwa use the test database\n" +
  "You can also reply to the request itself: yes, no, or the reason why not.";

/** "40 s", "5 min", "3 h", "2 days". */
export function agoText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}
