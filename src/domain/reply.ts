// The reply grammar: what a button, a typed line or a quoted reply means. Strict: what is not certain is not a decision.

import { parsePhoneCommand } from "./phone-command.ts";
import type { Said } from "./question-answer.ts";
import {
  asciiLower,
  isMaybeStruck,
  leansToApprove,
  readPlainVerb,
  readVerb,
  type Verb,
  withoutMarksAfter,
} from "./reply-words.ts";
import { type ApprovalId, isApprovalId } from "./tool-call.ts";

/** What came in from a phone, before anything is known about it. */
export interface ReplyText {
  /** The typed text, or a button's title. */
  readonly text: string;
  /** The id of the tapped button. */
  readonly buttonId?: string | undefined;
  /** The request whose message is quoted, when we sent it. */
  readonly quoted?: ApprovalId | undefined;
  /** Which of its questions the quoted message asks, from 1, where it asks one. */
  readonly question?: number | undefined;
  /** What the button does whose title the text is, where it is exactly one of ours. */
  readonly titled?: Verb | undefined;
}

export type Reply =
  | { readonly kind: "approve"; readonly id: ApprovalId }
  | { readonly kind: "deny"; readonly id: ApprovalId; readonly reason?: string }
  | { readonly kind: "session"; readonly id: ApprovalId }
  /** To a question; without its number, to the one that is asked now. */
  | { readonly kind: "answer"; readonly id: ApprovalId; readonly said: Said; readonly question?: number }
  | { readonly kind: "unclear" };

/** Characters of a denial's reason that reach the model. */
export const MAX_REASON_LENGTH = 1000;

const UNCLEAR: Reply = { kind: "unclear" };

/** Reads a reply. Everything that is not exactly a decision is `unclear`. */
export function parseReply(reply: ReplyText): Reply {
  if (reply.buttonId !== undefined) return parseButton(reply.buttonId);
  const read = parseText(reply);
  const isYes = read.kind === "approve" || read.kind === "session";
  return isYes && isMaybeStruck(reply.text) ? UNCLEAR : read;
}

function parseText({ text, quoted, question, titled }: ReplyText): Reply {
  if (quoted === undefined) return parseTyped(text);
  if (question !== undefined) return parseQuotedAnswer(text, quoted, question);
  return titled === undefined ? parseQuoted(text, quoted) : { kind: titled, id: quoted };
}

/** What a text without an id would decide, for a word about what is missing. */
export function wantedBy(text: string): Verb | undefined {
  return readVerb(text)?.verb ?? (leansToApprove(text) ? "approve" : undefined);
}

function parseButton(buttonId: string): Reply {
  if (buttonId.startsWith("answer:")) return parsePick(buttonId);
  const [verb, id, ...rest] = buttonId.split(":");
  if (rest.length > 0 || id === undefined || !isApprovalId(id)) return UNCLEAR;
  return verb === "approve" || verb === "deny" || verb === "session" ? { kind: verb, id } : UNCLEAR;
}

/** `answer:kqmwa:1:2`: the second option of the first question. */
function parsePick(buttonId: string): Reply {
  const [, id = "", question, option] = /^answer:([a-z]{5}):([1-9]):([1-9])$/.exec(buttonId) ?? [];
  if (!isApprovalId(id) || buttonId.includes("\n")) return UNCLEAR;
  return { kind: "answer", id, question: Number(question), said: { option: Number(option) } };
}

function parseTyped(text: string): Reply {
  const named = parseNamed(text);
  if (named !== undefined) return named;
  const [first = "", second = "", rest] = words(text);
  const reading = readVerb(first);
  if (reading === undefined) return parseTypedAnswer(text, asciiLower(first));
  const id = asciiLower(second);
  return isApprovalId(id) ? decide(reading.verb, id, rest) : UNCLEAR;
}

/** A word that decides and an id behind it, which must be exactly that: "Yes, kqmwa", "✅ Approve kqmwa". */
function parseNamed(text: string): Extract<Reply, { kind: Verb }> | undefined {
  const [, said = "", name = ""] = /^([\s\S]*\S)\s+(\S+)$/u.exec(text.trim()) ?? [];
  const id = asciiLower(name);
  const verb = isApprovalId(id) ? readVerb(said)?.verb : undefined;
  return verb && { kind: verb, id: id as ApprovalId };
}

// "kqmwa 2", "kqmwa the one in Frankfurt". "pause 30" begins with what could be an id, and is a command.
function parseTypedAnswer(text: string, id: string): Reply {
  const said = text.trim().slice(id.length).trim();
  if (!isApprovalId(id) || said === "" || parsePhoneCommand(text) !== undefined) return UNCLEAR;
  return parseAnswer(said, id);
}

function parseQuotedAnswer(text: string, quoted: ApprovalId, question: number): Reply {
  const [first = "", ...rest] = words(text);
  // "kqmwa 2" in reply to kqmwa.
  const said = asciiLower(first) === quoted && rest[0] !== undefined ? text.trim().slice(first.length) : text;
  if (parsePhoneCommand(said) !== undefined) return UNCLEAR;
  const reply = parseAnswer(said.trim(), quoted);
  return reply.kind === "answer" ? { ...reply, question } : reply;
}

/**
 * What is said to a question: never an approval. A verb alone decides, or says nothing, and `deny` denies with any
 * words; "no tests" and "yes, Postgres" are answers, as anybody would write them.
 */
function parseAnswer(text: string, id: ApprovalId): Reply {
  const [first = "", second = "", rest] = words(text);
  if (first === "" || asciiLower(text) === id) return UNCLEAR;
  const answer = (said: string): Reply => ({ kind: "answer", id, said: { text: said } });
  const reading = readPlainVerb(first);
  if (reading === undefined) return answer(text);
  const { verb, word } = reading;
  const isNamed = asciiLower(second) === id;
  if (second === "" || isNamed) return verb === "deny" ? decide(verb, id, rest) : answer("");
  if (word === "deny") return decide(verb, id, text.slice(first.length));
  // "yes 2", "no, 1": a number with words is not certain.
  return /^\W*\d/.test(second) ? answer("") : answer(text);
}

// In a quoted reply the id may be left out; words that begin no approval are a denial in the person's own words.
function parseQuoted(text: string, quoted: ApprovalId): Reply {
  const [first = "", second = "", rest] = words(text);
  if (first === "") return UNCLEAR;
  const whole = readVerb(text);
  if (whole !== undefined) return { kind: whole.verb, id: quoted };
  const reading = readVerb(first);
  if (reading?.verb === "deny") {
    if (asciiLower(second) === quoted) return decide("deny", quoted, rest);
    // "No tests on production" keeps its "no": without it the words would say the opposite.
    return decide("deny", quoted, reading.word === "deny" ? text.trim().slice(first.length) : text);
  }
  const named = parseNamed(withoutMarksAfter(text));
  // "approve abcde" under another request's message: which one is meant is not certain.
  if (named !== undefined) return named.id === quoted ? named : UNCLEAR;
  // "yes, please", "approve but skip the tests": a beginning that approves and words that our grammar does not have.
  return reading !== undefined || leansToApprove(text) ? UNCLEAR : decide("deny", quoted, text);
}

function decide(verb: Verb, id: ApprovalId, rest: string | undefined): Reply {
  if (verb !== "deny") return rest === undefined ? { kind: verb, id } : UNCLEAR;
  const reason = rest?.trim() ?? "";
  return reason === "" ? { kind: "deny", id } : { kind: "deny", id, reason: shorten(reason) };
}

function shorten(reason: string): string {
  return [...reason].slice(0, MAX_REASON_LENGTH).join("");
}

/** First word, second word, and the rest as it was written. */
function words(text: string): readonly (string | undefined)[] {
  const match = /^(\S+)(?:\s+(\S+)(?:\s+(\S[\s\S]*))?)?$/u.exec(text.trim());
  return match === null ? [] : [match[1], match[2], match[3]];
}
