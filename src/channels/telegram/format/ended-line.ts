// What stands in place of the buttons once a request has ended: what was decided and by whom. Whether Claude has the answer is not known
// yet then, and not said. Words of ours only.
import type { CancelCause, Outcome } from "../../../domain/approval.ts";
import { whoText } from "../../../domain/names.ts";
import { type RichText, richText } from "./rich-text.ts";

const CAUSES: Readonly<Record<CancelCause, string>> = {
  disconnected: "⌛ Ended: its caller was no longer there",
  shutdown: "⌛ Denied: the approval server stopped",
  restart: "⌛ Denied: the approval server was restarted",
  terminal: "⌛ Answered at the terminal",
  withdrawn: "⌛ Withdrawn by its caller",
};

/** Short: it must fit behind the longest message. */
export function endedLine(outcome: Outcome): RichText {
  return richText([{ text: "\n\n" }, { text: endedText(outcome), style: "bold" }]);
}

function endedText(outcome: Outcome): string {
  switch (outcome.status) {
    case "approved":
      return approvedText(outcome);
    case "denied":
      return `❌ Denied by ${whoText(outcome.by, outcome.name)}`;
    case "expired":
      return outcome.short === undefined
        ? "⌛ Expired: nobody answered in time"
        : "⌛ Expired: too few people approved in time";
    case "cancelled":
      return CAUSES[outcome.cause];
    case "refused":
      return outcome.mode.kind === "paused" ? "❌ Denied: paused" : "❌ Denied: stopped by PANIC";
    case "blocked":
      return "❌ Denied by the policy";
    case "undeliverable":
      return "⌛ Denied: not every message of it arrived";
    case "limited":
    case "failed":
      return "⌛ Denied: it ended with an error";
  }
}

function approvedText({
  by,
  name,
  alsoBy = [],
  answers,
  session,
}: Extract<Outcome, { status: "approved" }>): string {
  if (by === "policy") return "✅ Approved by the policy";
  if (by === "grant") return "✅ Approved by an earlier Session";
  const who = [...alsoBy, { by, name }].map((each) => whoText(each.by, each.name)).join(" and ");
  if (answers !== undefined) return `✅ Answered by ${who}`;
  return session === undefined ? `✅ Approved by ${who}` : `✅ Approved for the session by ${who}`;
}
