// How a request stands, in words for those who read the record: the page and the command line say the same. Nobody is told
// "approved" here without what is known of its way to the caller.
import type { StoredApproval } from "../core/ports/request-store.ts";
import type { Approved, CancelCause, RunNote, Status } from "../domain/approval.ts";
import { phoneText } from "../domain/names.ts";
import { visibleLine } from "../domain/visible.ts";

/** What a person looks for, and the recorded statuses that it stands for. */
export const SHOWN_STATUSES = {
  waiting: ["pending"],
  approved: ["approved"],
  denied: ["denied", "refused", "blocked", "limited"],
  expired: ["expired"],
  withdrawn: ["cancelled"],
  failed: ["undeliverable", "failed"],
} as const satisfies Readonly<Record<string, readonly Status[]>>;

export type RecordStatus = keyof typeof SHOWN_STATUSES;
export const RECORD_STATUSES = Object.keys(SHOWN_STATUSES) as readonly RecordStatus[];

export function recordStatusOf(status: Status): RecordStatus {
  const found = RECORD_STATUSES.find((name) => (SHOWN_STATUSES[name] as readonly Status[]).includes(status));
  return found ?? "failed";
}

const CANCELLED: Readonly<Record<CancelCause, string>> = {
  disconnected: "its caller was gone: nothing was approved",
  shutdown: "the server was stopped: nothing was approved",
  restart: "the server was restarted: nothing was approved",
  terminal: "answered at the terminal",
  withdrawn: "its caller withdrew it",
};

/** One line; foreign words in it are safe to show. */
export function outcomeWords({ outcome }: Pick<StoredApproval, "outcome">): string {
  switch (outcome?.status) {
    case undefined:
      return "waiting for an answer";
    case "approved":
      return approvedWords(outcome);
    case "denied":
      return `denied by ${phoneText(outcome.by)}${outcome.reason ? `: ${visibleLine(outcome.reason)}` : ""}`;
    case "refused":
      return outcome.mode.kind === "panic"
        ? `denied without asking: stopped by ${phoneText(outcome.mode.by)} with PANIC`
        : `denied without asking: paused by ${phoneText(outcome.mode.by)}`;
    case "blocked":
      return `denied by the policy: ${visibleLine(outcome.rule)}`;
    case "limited":
      return `denied: its caller asked too much, ${visibleLine(outcome.message)}`;
    case "expired":
      if (outcome.reach === "unsent") return "expired: its message was not confirmed as sent";
      if (outcome.reach === "undelivered")
        return "expired: it was not confirmed that its message reached a phone";
      return "expired: nobody answered";
    case "undeliverable":
      return `could not be delivered: ${visibleLine(outcome.message)}`;
    case "cancelled":
      return CANCELLED[outcome.cause];
    case "failed":
      return `failed: ${visibleLine(outcome.message)}`;
  }
}

function approvedWords({ by, rule, grant, session, answers }: Approved): string {
  if (by === "policy") return `approved by the policy${rule === undefined ? "" : `: ${visibleLine(rule)}`}`;
  if (by === "grant") return `approved by the grant of ${grant ?? "an earlier request"}`;
  if (answers !== undefined) return `answered by ${phoneText(by)}`;
  return `approved by ${phoneText(by)}${session === undefined ? "" : ", and again without asking"}`;
}

/** What became of a call that the server itself runs. */
function runWords(run: RunNote | undefined): string {
  if (run === undefined) return "The server did not run it.";
  if (run.endedAt === undefined) return "The server began to run it; how it ended is not known.";
  const took = `${((run.endedAt - run.startedAt) / 1000).toFixed(1)} s`;
  if (run.ok === true) return `The server ran it: done in ${took}.`;
  return `The server ran it: failed after ${took}${run.problem === undefined ? "" : `: ${visibleLine(run.problem)}`}.`;
}

/** What became of the answer on its way to the caller; undefined while nothing is to be said. */
export function toldWords({ outcome, acknowledged, executor, run }: StoredApproval): string | undefined {
  if (outcome === undefined) return undefined;
  if (executor !== undefined && outcome.status === "approved") return runWords(run);
  if (acknowledged === true) return "The caller has the answer.";
  if (acknowledged === false)
    return outcome.status === "approved"
      ? "The caller did not get the answer: nothing ran by it."
      : "The caller did not get the answer.";
  return "Whether the caller got the answer is not known.";
}
