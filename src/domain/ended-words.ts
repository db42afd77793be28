// How a request ended, for a person at the machine: a few words, and who it was. Foreign words are made safe to show.
import type { CancelCause, Endorser, Outcome } from "./approval.ts";
import { cutLine } from "./call-line.ts";
import { whoText } from "./names.ts";
import { visibleLine } from "./visible.ts";

export interface EndedWords {
  /** "approved by …0006", "denied by …0006: too risky", "expired without an answer". One line. */
  readonly text: string;
  /** Who ended it: a phone's last four digits, or what else did; absent where nobody did. */
  readonly by?: string | undefined;
  /** What to do about it. */
  readonly advice?: string | undefined;
}

/** A person's words and a rule can be long, UTF-16 units. */
const MAX_WORDS = 200;

const CAUSES: Readonly<Record<CancelCause, EndedWords>> = {
  disconnected: { text: "ended: its caller was no longer there", by: "caller" },
  shutdown: { text: "denied: the server stops", by: "server" },
  restart: { text: "denied: the server was restarted", by: "server" },
  terminal: { text: "answered at the terminal", by: "terminal" },
  withdrawn: { text: "withdrawn by its caller", by: "caller" },
};
const REACH = { unsent: ": its message had not left", undelivered: ": its message had not reached a phone" };

export function endedWords(outcome: Outcome): EndedWords {
  switch (outcome.status) {
    case "approved":
      return approvedWords(outcome);
    case "denied": {
      const by = foreign(whoText(outcome.by, outcome.name));
      const words = outcome.reason === undefined ? "" : `: ${quoted(outcome.reason)}`;
      return { text: `denied by ${by}${words}`, by };
    }
    case "refused":
      return {
        text: outcome.mode.kind === "paused" ? "denied without asking: paused" : "denied: stopped by PANIC",
        by: "mode",
      };
    case "blocked":
      return { text: `denied by the policy (${foreign(outcome.rule)})`, by: "policy" };
    case "limited":
      return { text: "denied: over its caller's limit", by: "limit" };
    case "expired":
      if (outcome.short !== undefined)
        return { text: `expired: approved by ${namesOf(outcome.short)}, and one more person was needed` };
      return { text: `expired without an answer${outcome.reach === undefined ? "" : REACH[outcome.reach]}` };
    case "undeliverable": {
      const code = outcome.code === undefined ? "" : ` (${outcome.code})`;
      return { text: `undeliverable${code}: ${foreign(outcome.message)}`, advice: foreign(outcome.advice) };
    }
    case "cancelled":
      return CAUSES[outcome.cause];
    case "failed":
      return { text: `denied: ${foreign(outcome.message)}`, by: "server" };
  }
}

function namesOf(people: readonly Endorser[]): string {
  return people.map(({ by, name }) => foreign(whoText(by, name))).join(" and ");
}

function approvedWords({
  by,
  name,
  alsoBy = [],
  rule,
  grant,
  session,
  answers,
}: Extract<Outcome, { status: "approved" }>): EndedWords {
  if (by === "policy") {
    return { text: `approved by the policy${rule === undefined ? "" : ` (${foreign(rule)})`}`, by };
  }
  if (by === "grant") return { text: `approved by the Session of ${grant ?? "an earlier request"}`, by };
  const who = namesOf([...alsoBy, { by, name }]);
  if (answers !== undefined) return { text: `answered by ${who}`, by: who };
  return { text: `approved${session === undefined ? "" : " for the session"} by ${who}`, by: who };
}

function quoted(words: string): string {
  return `"${foreign(words)}"`;
}

function foreign(words: string): string {
  return cutLine(visibleLine(words.slice(0, MAX_WORDS)), MAX_WORDS);
}
