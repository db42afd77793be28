// The record as it is shown: JSON for the page and the command line, with every foreign text made safe to show.
import type { Story as StoredStory, StoryMessage } from "../core/ports/history-store.ts";
import type { StoredApproval } from "../core/ports/request-store.ts";
import { ABILITIES, channelOf } from "../domain/channel.ts";
import { headline, headOf } from "../domain/headline.ts";
import { phoneText, toolText } from "../domain/names.ts";
import { cutEnd, visibleBlock, visibleLine } from "../domain/visible.ts";
import { outcomeWords, type RecordStatus, recordStatusOf, toldWords } from "./outcome-words.ts";

/** A line of the list. Times are ISO 8601, UTC. */
export interface ShownRequest {
  readonly id: string;
  readonly status: RecordStatus;
  /** "denied by …0006: not now" */
  readonly outcome: string;
  readonly told?: string | undefined;
  readonly door: string;
  readonly tool: string;
  /** The tool as it was called, to filter by. */
  readonly tool_name: string;
  /** The most telling line of the call. */
  readonly summary: string;
  readonly project?: string | undefined;
  readonly requester?: string | undefined;
  readonly created_at: string;
  readonly expires_at: string;
  readonly decided_at?: string | undefined;
  /** From the question to its end, ms. */
  readonly took_ms?: number | undefined;
  /** Recognised secrets masked; `{"omitted": "… characters"}` where it is long. */
  readonly input: Readonly<Record<string, unknown>>;
}

interface ShownMessage {
  readonly to: string;
  readonly purpose: string;
  readonly taken_at?: string | undefined;
  readonly sent_at?: string | undefined;
  readonly delivered_at?: string | undefined;
  readonly read_at?: string | undefined;
  readonly failed_at?: string | undefined;
  readonly failure?: string | undefined;
  readonly state?: string | undefined;
}

export interface ShownStory extends Omit<ShownRequest, "input"> {
  /** Each field of the masked input, whole, with hidden characters written out: ⟨U+200B⟩. */
  readonly fields: readonly {
    readonly name: string;
    readonly text: string;
    readonly cut?: number | undefined;
  }[];
  readonly messages: readonly ShownMessage[];
  readonly replies: readonly { readonly at: string; readonly from: string; readonly words: string }[];
}

const MAX_SUMMARY = 300;
/** Characters of one field; the rest is in the database. */
const MAX_FIELD = 300_000;
/** Characters of JSON of an input in a list. */
const MAX_LISTED_INPUT = 10_000;

const PURPOSES: Readonly<Record<StoryMessage["purpose"], string>> = {
  request: "The request",
  part: "A part of its full text",
  question: "A question",
  more: "More of its text, asked for with MORE",
  notice: "What became of it",
  other: "A message",
};

function purposeText({ purpose, to }: StoryMessage): string {
  const text = PURPOSES[purpose] ?? PURPOSES.other;
  return purpose === "request" && ABILITIES[channelOf(to)].hasButtons ? `${text}, with its buttons` : text;
}

const SAID = {
  approve: "Approve",
  session: "Session",
  deny: "Deny",
  answer: "an answer",
  instruct: "an instruction",
} as const;
const RESULTS: Readonly<Record<string, string>> = {
  decided: "it counted",
  next: "it counted, and the next question was asked",
  stale: "it had already ended: nothing changed",
  counted: "it counted, and somebody else has to approve it too",
  "counted-before": "the same person had approved it already: nothing changed",
  "to-confirm": "somebody else had answered it: nothing changed",
  "not-yours": "it is of a project that this person is not asked about: nothing changed",
  "not-offered": "that was not offered: nothing changed",
  failed: "it could not be recorded: nothing ran",
};

export function iso(at: number): string;
export function iso(at: number | undefined): string | undefined;
export function iso(at: number | undefined): string | undefined {
  // A time that no clock shows, written from outside, must not end the reading.
  return at === undefined || Math.abs(at) > 8.64e15 ? undefined : new Date(at).toISOString();
}

export function lineOf(text: string): string {
  // Twice as much is looked at as is shown: making it visible may take characters away at the edges only.
  const shown = visibleLine(text.slice(0, 2 * MAX_SUMMARY));
  const end = cutEnd(shown, MAX_SUMMARY);
  return end < shown.length || text.length > 2 * MAX_SUMMARY ? `${shown.slice(0, end)} …` : shown;
}

/** The line that tells the most, and how many there are: what comes after the first one may tell more. */
export function summaryOf(toolName: string, input: Readonly<Record<string, unknown>>): string {
  const first = headline({ toolName, input });
  const whole = Object.values(input).find((value) => typeof value === "string" && headOf(value) === first);
  const lines = typeof whole === "string" ? whole.trim().split("\n").length : 1;
  return lines > 1 ? `${lineOf(first)} … (${lines} lines)` : lineOf(first);
}

function heading(approval: StoredApproval): Omit<ShownRequest, "input"> {
  const { id, status, door, toolName, shownInput, project, requester, createdAt, expiresAt, decidedAt } =
    approval;
  return {
    id,
    status: recordStatusOf(status),
    outcome: outcomeWords(approval),
    told: toldWords(approval),
    door,
    tool: lineOf(toolText(toolName)),
    tool_name: toolName,
    summary: summaryOf(toolName, shownInput),
    project: project === undefined ? undefined : lineOf(project),
    requester: requester === undefined ? undefined : lineOf(requester),
    created_at: iso(createdAt),
    expires_at: iso(expiresAt),
    decided_at: iso(decidedAt),
    took_ms: decidedAt === undefined ? undefined : Math.max(0, decidedAt - createdAt),
  };
}

export function shownRequest(approval: StoredApproval): ShownRequest {
  const length = JSON.stringify(approval.shownInput).length;
  const input = length <= MAX_LISTED_INPUT ? approval.shownInput : { omitted: `${length} characters` };
  return { ...heading(approval), input };
}

export function shownStory({ approval, messages, replies }: StoredStory): ShownStory {
  return {
    ...heading(approval),
    fields: Object.entries(approval.shownInput).map(([name, value]) => {
      const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
      const cut = text.length > MAX_FIELD ? text.length - MAX_FIELD : undefined;
      return { name: lineOf(name), text: visibleBlock(text.slice(0, MAX_FIELD)), cut };
    }),
    messages: messages.map((message) => ({
      to: phoneText(message.to),
      purpose: purposeText(message),
      taken_at: iso(message.takenAt),
      sent_at: iso(message.sentAt),
      delivered_at: iso(message.deliveredAt),
      read_at: iso(message.readAt),
      failed_at: iso(message.failedAt),
      failure: message.failure === undefined ? undefined : lineOf(message.failure),
      state: message.state,
    })),
    replies: replies.map(({ at, from, said, result }) => ({
      at: iso(at),
      from: phoneText(from),
      words: `${SAID[said] ?? "a reply"}: ${RESULTS[result] ?? "it did not count"}`,
    })),
  };
}
