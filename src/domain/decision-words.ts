// What the phone reads about a request that was decided or has ended: product text. Says "approved" only once the caller
// has the answer.

import type { EndedRequest } from "./answer-notice.ts";
import type { CancelCause, Outcome } from "./approval.ts";
import type { ChannelAbilities } from "./channel.ts";
import { offerText } from "./grant.ts";
import { count } from "./names.ts";
import type { Notice } from "./notice.ts";
import { APPROVE_ALL_TOOL } from "./phone-requests.ts";
import { QUESTION_TOOL } from "./question.ts";
import { askerOf, REQUEST_TOOL } from "./request-approval.ts";
import { type Text, text } from "./text.ts";
import { agoText } from "./time-words.ts";
import type { ApprovalId, Executor, Phone } from "./tool-call.ts";
import { whoAll } from "./who-words.ts";

/** Who asked for a call, and who runs it. */
interface Parties {
  readonly toolName: string;
  readonly executor?: Executor | undefined;
  /** Where it came from, where that was the phone itself: then nobody else waits for the answer. */
  readonly door?: "phone" | undefined;
}

const CLAUDE: Parties = { toolName: "" };
const partyOf = ({ toolName, executor }: Parties) => askerOf(toolName, executor);
const notWaiting = (parties: Parties) => `${partyOf(parties)} was no longer waiting: nothing ran`;
/** What the server itself runs is looked at once more before it does. */
const notTaken = (parties: Parties) =>
  parties.executor === undefined ? notWaiting(parties) : NOT_STARTED[parties.executor];
const NOT_STARTED = {
  server: "it could not be started: nothing ran",
  resumed: "Claude did not take the approval up",
} as const;
const taken = (parties: Parties, { status }: Outcome) => {
  const { executor, door, toolName } = parties;
  if (toolName === APPROVE_ALL_TOOL && status === "approved") return "what comes of each is told now";
  if (executor === "resumed")
    return status === "approved"
      ? "Claude was started again and has the answer"
      : "nothing ran, and Claude does not go on";
  if (executor === "server" && status === "approved") return "the server runs it";
  return door === "phone" ? "nothing ran" : `${partyOf(parties)} has the answer`;
};

/** After a decision that counted. @param acknowledged whether the caller got it, or the server began to run it */
export function decidedText(
  id: ApprovalId,
  outcome: Outcome,
  acknowledged: boolean,
  parties: Parties = CLAUDE,
): Text {
  if (!acknowledged) return text`⌛ ${id}: ${notTaken(parties)}`;
  return text`${resultText(id, outcome)}: ${taken(parties, outcome)}${revokeText(id, outcome)}`;
}

/** The same for the approvers who did not answer. */
export function decidedByText(
  id: ApprovalId,
  outcome: Outcome,
  by: Phone,
  acknowledged: boolean,
  parties: Parties = CLAUDE,
): Text {
  const last = { by, name: "name" in outcome ? outcome.name : undefined };
  const who = whoAll([...(outcome.status === "approved" ? (outcome.alsoBy ?? []) : []), last]);
  if (!acknowledged) return text`⌛ ${id} was answered by ${who}, but ${notTaken(parties)}`;
  return text`${resultText(id, outcome)} by ${who}: ${taken(parties, outcome)}${revokeText(id, outcome)}`;
}

/** Any approver may take back what another one has allowed. */
function revokeText(id: ApprovalId, outcome: Outcome): string {
  return outcome.status === "approved" && outcome.session !== undefined ? `. REVOKE ${id} ends that` : "";
}

function resultText(id: ApprovalId, outcome: Outcome): Text {
  if (outcome.status !== "approved") return text`❌ ${id} denied`;
  if (outcome.answers !== undefined) return text`✅ ${id} answered`;
  return outcome.session === undefined
    ? text`✅ ${id} approved`
    : text`✅ ${id} approved, and again without asking (${offerText(outcome.session)})`;
}

export function notOfferedText(id: ApprovalId, { hasButtons }: ChannelAbilities): string {
  return `${id} can only be allowed once: nothing changed. ${hasButtons ? "Tap or type" : "Type"} APPROVE ${id} or DENY ${id}`;
}

/** After a reply to a request that had already ended. @param now epoch ms */
export function staleText(
  { id, outcome, decidedAt, acknowledged, toolName = "", executor }: EndedRequest,
  now: number,
  changed = "this reply changed nothing",
): string {
  const parties = { toolName, executor };
  const ago = decidedAt === undefined ? "" : ` ${agoText(now - decidedAt)} ago`;
  switch (outcome?.status) {
    case "approved":
      if (acknowledged === false) return `⌛ ${id} was ${done(outcome)}${ago}, but ${notTaken(parties)}`;
      // Over REST an answer can lie ready for a while: nobody is told that it was taken before it was.
      if (acknowledged === undefined && toolName === REQUEST_TOOL)
        return `⌛ ${id} was already approved${ago}, the caller has not fetched it: ${changed}`;
      if (acknowledged === undefined && executor !== undefined)
        return `⌛ ${id} was already approved${ago}, whether it was started is not known: ${changed}`;
      // After a crash, or while the answer is being written.
      if (acknowledged === undefined)
        return `⌛ ${id} was already ${done(outcome)}${ago}, whether ${partyOf(parties)} has the answer is not known: ${changed}`;
      return `✅ ${id} was already ${done(outcome)}${ago}: ${changed}`;
    case "denied":
      return `❌ ${id} was already denied${ago}: nothing ran`;
    case "refused":
      return `❌ ${id} was denied${ago} by ${outcome.mode.kind === "paused" ? "a pause" : "PANIC"}: nothing ran`;
    case "blocked":
      return `❌ ${id} was denied${ago} by the policy: nothing ran`;
    case "limited":
    case "failed":
    case undefined:
      return `⌛ ${id} ended${ago} with an error: nothing ran`;
    case "expired":
      return `⌛ ${id} expired${ago}${shortText(outcome)}: nothing ran`;
    case "undeliverable":
      return `⌛ ${id} ended${ago}, its message had failed: nothing ran`;
    case "cancelled":
      return `⌛ ${id} ended${ago}: ${cancelledText(outcome.cause, parties)}`;
  }
}

/** To whoever sent a reply that the server was carrying out when it ended. Says nothing that is not in the record. */
export function interruptedText(notice: Extract<Notice, { kind: "interrupted" }>): string {
  const { id, isWaiting, request, done, now } = notice;
  if (done !== undefined)
    return `⚠️ ${done} was carried out. The approval server was restarted before it knew whether you had been told. STATUS says how things stand.`;
  if (request !== undefined) return staleText(request, now, "the approval server was restarted meanwhile");
  if (id === undefined)
    return "⚠️ The approval server was restarted while it took your message: whether it was carried out is not known. STATUS says how things stand.";
  const what = isWaiting ? `${id} still waits` : `${id} is not known any more`;
  return `⚠️ The approval server was restarted while it took your reply, and nothing was approved by it: ${what}.`;
}

const shortText = ({ short }: Extract<Outcome, { status: "expired" }>) =>
  short === undefined ? "" : `, approved by ${short.length} of the people that it needs`;

function done({ answers }: Extract<Outcome, { status: "approved" }>): string {
  return answers === undefined ? "approved" : "answered";
}

function cancelledText(cause: CancelCause, parties: Parties): string {
  switch (cause) {
    case "disconnected":
      return notWaiting(parties);
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

/** When a request whose message is on the phone was answered elsewhere, or is no longer wanted. */
export function overtakenText(id: ApprovalId, cause: "terminal" | "withdrawn"): string {
  return cause === "terminal"
    ? `⌛ ${id} was answered at the terminal: nothing to do here`
    : `⌛ ${id} was withdrawn by its caller: nothing to do here`;
}

/** When a denied call has run: its Yes at the terminal was earlier, and nothing told so until it had run. */
export function ranAnywayText(id: ApprovalId): string {
  return `⚠️ ${id} ran all the same: it had been allowed at the terminal before the denial`;
}

/** When the file of the record was removed or replaced. */
export function recordLostText(denied: number, isRenewed: boolean): string {
  const waiting = denied === 0 ? "nothing waited" : `${count(denied, "waiting request")} denied`;
  const after = isRenewed
    ? "A new one was begun: what is asked from now on is recorded there."
    : "There is no other yet: nothing can be approved until somebody looks at the server.";
  return `⚠️ The approval server's database was removed, replaced or changed by something else: ${waiting}. ${after}`;
}

/** When an approved call did not run: the approval's bytes have left, and Claude Code did not act on them. */
export function notRunText(id: ApprovalId, toolName: string, mayBeInterrupted: boolean): string {
  if (toolName === QUESTION_TOOL) return `⚠️ ${id} was answered, but Claude did not take the answer`;
  const interrupted = mayBeInterrupted ? ", or was interrupted while it ran" : "";
  return `⚠️ ${id} was approved, but Claude did not run it${interrupted}`;
}

export function unknownText(id: ApprovalId): string {
  return `There is no request ${id}: nothing changed`;
}

export function failedText(id: ApprovalId): string {
  return `❌ ${id}: the answer could not be recorded: nothing ran`;
}
