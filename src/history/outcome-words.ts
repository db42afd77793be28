// How a request stands, in words for those who read the record: the page and the command line say the same. Nobody is told
// "approved" here without what is known of its way to the caller.
import type { StoredApproval } from "../core/ports/request-store.ts";
import type { RunNote, Status } from "../domain/approval.ts";
import { endedWords } from "../domain/ended-words.ts";
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

/** One line; foreign words in it are safe to show. */
export function outcomeWords({ outcome }: Pick<StoredApproval, "outcome">): string {
  return outcome === undefined ? "waiting for an answer" : endedWords(outcome).text;
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
