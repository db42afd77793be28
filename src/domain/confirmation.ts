// What the phone reads after a reply: product text. Says "approved" only of what the caller has got.

import { clockText } from "./answer.ts";
import type { CancelCause, Outcome } from "./approval.ts";
import { askerOf, REQUEST_TOOL } from "./request-approval.ts";
import type { ClosedMode } from "./service-mode.ts";
import type { ApprovalId, Phone } from "./tool-call.ts";
import { plainLine } from "./visible.ts";

const CLAUDE = askerOf("");
const notWaiting = (asker: string) => `${asker} was no longer waiting: nothing ran`;

/** After a decision that counted. @param acknowledged whether the caller got it. @param asker who waits for it */
export function decidedText(id: ApprovalId, outcome: Outcome, acknowledged: boolean, asker = CLAUDE): string {
  return acknowledged
    ? `${resultText(id, outcome)}: ${asker} has the answer`
    : `⌛ ${id}: ${notWaiting(asker)}`;
}

/** The same for the approvers who did not answer. */
export function decidedByText(
  id: ApprovalId,
  outcome: Outcome,
  by: Phone,
  acknowledged: boolean,
  asker = CLAUDE,
): string {
  if (!acknowledged) return `⌛ ${id} was answered by ${phoneText(by)}, but ${notWaiting(asker)}`;
  return `${resultText(id, outcome)} by ${phoneText(by)}: ${asker} has the answer`;
}

function resultText(id: ApprovalId, outcome: Outcome): string {
  if (outcome.status !== "approved") return `❌ ${id} denied`;
  if (outcome.answers !== undefined) return `✅ ${id} answered`;
  return outcome.session === undefined
    ? `✅ ${id} approved`
    : `✅ ${id} approved for this session (${plainLine(outcome.session.text, 100)})`;
}

/** Enough of a number to recognise it by, not enough to leak it. */
export function phoneText(phone: string): string {
  return `…${phone.replace(/\D/g, "").slice(-4)}`;
}

export function notOfferedText(id: ApprovalId): string {
  return `${id} can only be allowed once: nothing changed. Tap or type APPROVE ${id} or DENY ${id}`;
}

/** When everything is refused without asking. */
export function closedText(mode: ClosedMode): string {
  return mode.kind === "paused"
    ? `Paused until ${clockText(mode.until)}: every request is denied without asking. RESUME ends it.`
    : "Stopped: everything that waited was denied, and so is everything new. Only the command npm run resume on the machine ends it.";
}

/** After a reply to a request that had already ended. Times in epoch ms. */
export function staleText(
  {
    id,
    outcome,
    decidedAt,
    acknowledged,
    toolName = "",
  }: {
    readonly id: ApprovalId;
    readonly outcome?: Outcome;
    readonly decidedAt?: number;
    readonly acknowledged?: boolean;
    readonly toolName?: string;
  },
  now: number,
): string {
  const ago = decidedAt === undefined ? "" : ` ${agoText(now - decidedAt)} ago`;
  switch (outcome?.status) {
    case "approved":
      if (acknowledged === false)
        return `⌛ ${id} was ${done(outcome)}${ago}, but ${notWaiting(askerOf(toolName))}`;
      // Over REST an answer can lie ready for a while: nobody is told that it was taken before it was.
      if (acknowledged === undefined && toolName === REQUEST_TOOL)
        return `⌛ ${id} was already approved${ago}, the caller has not fetched it: this reply changed nothing`;
      // After a crash, or while the answer is being written.
      if (acknowledged === undefined)
        return `⌛ ${id} was already ${done(outcome)}${ago}, whether ${askerOf(toolName)} has the answer is not known: this reply changed nothing`;
      return `✅ ${id} was already ${done(outcome)}${ago}: this reply changed nothing`;
    case "denied":
      return `❌ ${id} was already denied${ago}: nothing ran`;
    case "refused":
      return `❌ ${id} was denied${ago} without asking: nothing ran`;
    case "blocked":
      return `❌ ${id} was denied${ago} by the policy: nothing ran`;
    case "limited":
    case "failed":
    case undefined:
      return `⌛ ${id} ended${ago} with an error: nothing ran`;
    case "expired":
      return `⌛ ${id} expired${ago}: nothing ran`;
    case "undeliverable":
      return `⌛ ${id} ended${ago}, its message had failed: nothing ran`;
    case "cancelled":
      return `⌛ ${id} ended${ago}: ${cancelledText(outcome.cause, askerOf(toolName))}`;
  }
}

function done({ answers }: Extract<Outcome, { status: "approved" }>): string {
  return answers === undefined ? "approved" : "answered";
}

function cancelledText(cause: CancelCause, asker: string): string {
  switch (cause) {
    case "disconnected":
      return notWaiting(asker);
    case "shutdown":
      return "the approval server was stopped: nothing ran";
    case "restart":
      return "the approval server was restarted: nothing ran";
    case "terminal":
      return "it was answered at the terminal";
    case "withdrawn":
      return "its caller withdrew it: nothing ran";
  }
}

/** When a request whose message is on the phone was answered elsewhere, or is not wanted any more. */
export function overtakenText(id: ApprovalId, cause: "terminal" | "withdrawn"): string {
  return cause === "terminal"
    ? `⌛ ${id} was answered at the terminal: nothing to do here`
    : `⌛ ${id} was withdrawn by its caller: nothing to do here`;
}

/** When a denied call has run: its Yes at the terminal was earlier, and nothing told so until it had run. */
export function ranAnywayText(id: ApprovalId): string {
  return `⚠️ ${id} ran all the same: it had been allowed at the terminal before the denial`;
}

export function unknownText(id: ApprovalId): string {
  return `There is no request ${id}: nothing changed`;
}

export function failedText(id: ApprovalId): string {
  return `❌ ${id}: the answer could not be recorded: nothing ran`;
}

/** What HELP answers, and what an unclear reply gets, at most once a minute. */
export const HELP_TEXT =
  "Tap a button, or type APPROVE or DENY and the request ID, for example:\n" +
  "APPROVE kqmwa\nDENY kqmwa use the test database\n" +
  "You can also reply to the request itself: yes, no, or the reason why not.\n" +
  "A question takes a number or your own words: kqmwa 2\n" +
  "PENDING lists what waits, STATUS tells how things stand, PAUSE 30 denies everything for 30 minutes, " +
  "RESUME ends that, PANIC denies everything until somebody at the machine ends it.";

export const UNCLEAR_TEXT = `Nothing changed. ${HELP_TEXT}`;

/** "40 s", "5 min", "3 h", "2 days". */
export function agoText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}
