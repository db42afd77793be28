// A person's reply to "Claude has finished" is Claude's next instruction: what Claude reads of it, and what the phone is told. Product text.

import { count } from "./names.ts";
import { foreign, type Line, line, type Text, text } from "./text.ts";
import type { ApprovalId, Phone } from "./tool-call.ts";
import { escapeRun } from "./visible.ts";
import { whoOf } from "./who-words.ts";

/** The name under which the record has it. */
export const INSTRUCTION_TOOL = "Instruction";

/** Why words in reply to a message that Claude has finished did not reach it. */
export type NotTaken =
  /** Claude no longer waits: the time is over, somebody has written at the terminal, Claude went on by itself. */
  | "late"
  | "typed"
  | "went-on"
  | "session-ended"
  | "closed"
  /** Whoever waited has left before the words were handed over, or while they were. */
  | "gone"
  /** Another reply was first. */
  | "answered"
  | "forgotten"
  | "unrecorded"
  /** It is about a project that this person is not asked about. */
  | "not-asked"
  | "empty";

export type InstructionNotice =
  | {
      readonly kind: "instruction-taken";
      readonly id: ApprovalId;
      /** For the other approvers: whose words they were, and the words with secrets masked. */
      readonly by?: Phone | undefined;
      readonly name?: string | undefined;
      readonly words?: string | undefined;
    }
  | { readonly kind: "instruction-refused"; readonly why: NotTaken };

const REFUSED: Readonly<Record<NotTaken, string>> = {
  late: "⌛ That was too late, and Claude no longer waits for your words",
  typed: "⌛ Somebody has written at the terminal since",
  "went-on": "⌛ Claude has gone on since: reply to its newest message",
  "session-ended": "⌛ That session has ended",
  closed: "⌛ PAUSE or PANIC has ended Claude's wait for your words",
  gone: "⌛ Claude was no longer waiting",
  answered: "⌛ Another reply to that message was first",
  forgotten: "⌛ That message is too old, nobody waits for a reply to it",
  unrecorded: "❌ Your words could not be recorded, so Claude did not get them; you may try again",
  "not-asked": "❌ You are not asked about that project",
  empty: "There are no words in that reply",
};

export function instructionLine(notice: InstructionNotice): Line {
  return line(
    notice.kind === "instruction-taken" ? takenText(notice) : `${REFUSED[notice.why]}: nothing changed`,
  );
}

function takenText({
  id,
  by,
  name,
  words = "",
}: Extract<InstructionNotice, { kind: "instruction-taken" }>): Text {
  if (by === undefined) return text`✅ Claude has your words (${id})`;
  const flat = words.replaceAll(/\s+/g, " ").trim();
  const said = flat === "" ? [] : text`: ${foreign("words", flat)}`;
  return text`✅ Claude has the words of ${whoOf(by, name)} (${id})${said}`;
}

/** How to answer, below the words of Claude. */
export function offerLine(minutes: number): string {
  return `Reply to this message (swipe it) within ${count(minutes, "minute")}: your words are Claude's next instruction`;
}

/** Line ends of every kind: what a reader could take for a new line must be one here, too. */
const LINE_ENDS = /\r\n|[\r\n\v\f\u0085\u2028\u2029]/g;
// Controls, marks of direction, tags, lone surrogates: nobody types them, and they could hide or reorder words.
const UNTYPED = /[\p{Cc}\p{Cs}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\u{E0000}-\u{E007F}]/gu;

/**
 * What Claude reads. Every line of the person's words stands behind a mark, so that nothing in them can pass for the end of
 * them, or for words of ours. Secrets in them are not masked: they are the person's own words, meant for Claude.
 */
export function instructionForClaude(words: string): string {
  const lines = words
    .split(LINE_ENDS)
    .map((each) => `> ${each.replace(UNTYPED, (one) => (one === "\t" ? one : escapeRun(one)))}`);
  return [
    'The person who runs this session has replied to "Claude has finished" from their phone, through the approval server. These are the person\'s own words and the next instruction for you, as if typed at the terminal. (Claude Code may introduce what a hook hands over as an automated notification; what is quoted below was written by the person.) They approve no tool call: each is asked about as always. Their words, every line behind ">":',
    "",
    ...lines,
    "",
    "(end of the person's words)",
  ].join("\n");
}
