// Which notices only confirm that something went as the person who reads them has tapped. With CONFIRM=problems these are not
// sent. Doubt counts as a problem: then it is told.
import type { Notice } from "./notice.ts";
import type { Reply } from "./reply.ts";

/** What a reply was meant to do, where it was one of ours. */
export type Tapped = Exclude<Reply["kind"], "unclear"> | "keep-open";

/** @param tapped what the one who is told has tapped or typed; undefined for whoever did not */
export function wentAsTapped(notice: Notice, tapped: Tapped | undefined): boolean {
  if (notice.kind === "kept-open") return tapped === "keep-open";
  if (notice.kind === "several") {
    const { head, lines } = notice;
    return head === undefined && lines.length > 0 && lines.every((each) => wentAsTapped(each, tapped));
  }
  if (notice.kind !== "decided" || tapped === undefined) return false;
  const { outcome, acknowledged, by } = notice;
  if (!acknowledged || by !== undefined) return false;
  if (outcome.status === "denied") return tapped === "deny";
  return outcome.status === "approved" && tapped === approvedBy(outcome);
}

function approvedBy({
  answers,
  session,
}: {
  readonly answers?: unknown;
  readonly session?: unknown;
}): Tapped {
  if (answers !== undefined) return "answer";
  return session === undefined ? "approve" : "session";
}
