// What a reply is meant to do, from its words, its button and the message that it quotes. Changes nothing.

import type { Tapped } from "../domain/as-tapped.ts";
import { isKeepOpen, KEEP_OPEN_ID } from "../domain/keep-open.ts";
import { isPanic, type PhoneCommand, parseMore, parsePhoneCommand } from "../domain/phone-command.ts";
import { isQuestion } from "../domain/question.ts";
import { parseReply, type Reply } from "../domain/reply.ts";
import { parseSeveral, type SeveralReply } from "../domain/reply-several.ts";
import type { Verb } from "../domain/reply-words.ts";
import type { ApprovalId } from "../domain/tool-call.ts";
import type { About, Addressed } from "./addressed.ts";
import type { Gate } from "./gate-contract.ts";
import type { Inbound } from "./inbound.ts";
import type { MessageStore } from "./ports/message-store.ts";

export type DecidingReply = Exclude<Reply, { kind: "unclear" }>;

export type Intent =
  | { readonly kind: "decide"; readonly reply: DecidingReply }
  | { readonly kind: "several"; readonly reply: SeveralReply }
  | { readonly kind: "command"; readonly command: PhoneCommand }
  /** Words in reply to a message that takes them. */
  | { readonly kind: "addressed"; readonly about: About }
  | { readonly kind: "edited" | "forwarded" }
  /** Only keeps the chat open, as any message does. */
  | { readonly kind: "keep-open" }
  /**
   * `quoted`: the request whose message is quoted, where one is. `isForgotten`: it is in reply to a message of which nobody knows
   * what it was about.
   */
  | { readonly kind: "unclear"; readonly quoted?: ApprovalId | undefined; readonly isForgotten?: boolean };

const CLOSING: ReadonlySet<PhoneCommand["kind"]> = new Set(["panic", "pause", "revoke", "kill"]);

/** Whether it can only keep something from running. */
export function isDenial(intent: Intent): boolean {
  if (intent.kind === "decide") return intent.reply.kind === "deny";
  if (intent.kind === "several") return intent.reply.verb === "deny";
  return intent.kind === "command" && CLOSING.has(intent.command.kind);
}

/** What a reply was meant to do about a request or the chat; undefined for all else. */
export function tappedBy(intent: Intent): Tapped | undefined {
  if (intent.kind === "decide") return intent.reply.kind;
  if (intent.kind === "several") return intent.reply.verb;
  return intent.kind === "keep-open" ? intent.kind : undefined;
}

export interface IntentDeps {
  /** What a message that was sent takes words about. Default: none does. */
  readonly addressed?: Pick<Addressed, "of"> | undefined;
  readonly gate: Pick<Gate, "requestOf" | "questionOf" | "waiting">;
  readonly store: Pick<MessageStore, "findByMessage">;
  /** What the button does whose title a text is, where it is exactly one of ours. */
  readonly verbOfTitle?: ((text: string) => Verb | undefined) | undefined;
}

export type ReadIntent = (inbound: Inbound) => Promise<Intent>;

export function createIntentReader(deps: IntentDeps): ReadIntent {
  const { gate, store, addressed, verbOfTitle = () => undefined } = deps;

  async function quotedRequest(messageId: string | undefined): Promise<ApprovalId | undefined> {
    if (messageId === undefined) return undefined;
    const waiting = gate.requestOf(messageId);
    if (waiting !== undefined) return waiting;
    // The record may only lead to what has ended: whoever can write to it must not redirect a yes.
    const approval = await store.findByMessage(messageId).catch(() => undefined);
    return gate.waiting().some(({ id }) => id === approval?.id) ? undefined : approval?.id;
  }

  /** "yes kqmwb" as the answer to a question, while kqmwb waits: which one is meant is not certain. */
  function namesAnother(text: string, asked: ApprovalId): boolean {
    const words = text.toLowerCase().split(/[^a-z]+/);
    return gate.waiting().some(({ id }) => id !== asked && words.includes(id));
  }

  /** In reply to a request, a list counts only where it names that one too: else which ones are meant is not certain. */
  function severalOf(
    text: string,
    quoted: ApprovalId | undefined,
    about: About | undefined,
  ): Intent | undefined {
    const several = parseSeveral(text);
    if (several === undefined) return undefined;
    const { verb, ids } = several;
    if (quoted !== undefined && !ids.includes(quoted)) return undefined;
    // "Yes, all" and "no, tests first" are words to whoever takes them there.
    if (about !== undefined && (ids === "all" || !areWaiting(ids))) return undefined;
    if (ids === "all") return { kind: "several", reply: several };
    const [id, ...others] = ids;
    if (id !== undefined && others.length === 0) return { kind: "decide", reply: { kind: verb, id } };
    // "DENY kqmwa tests" has a reason: it is a list only where each of its words is the id of what waits.
    const hasReason = verb === "deny" && parseReply({ text, quoted }).kind === "deny";
    return hasReason && !areWaiting(ids) ? undefined : { kind: "several", reply: several };
  }

  function areWaiting(ids: readonly ApprovalId[]): boolean {
    const waiting = gate.waiting().map(({ id }) => id);
    return ids.every((id) => waiting.includes(id));
  }

  function isWaiting(reply: Reply): boolean {
    return reply.kind !== "unclear" && gate.waiting().some(({ id }) => id === reply.id);
  }

  return async ({ text, buttonId, quotedMessageId, gesture }) => {
    if (gesture !== undefined) return { kind: gesture === "forward" ? "forwarded" : "edited" };
    if (buttonId === undefined && isPanic(text)) return { kind: "command", command: { kind: "panic" } };
    if (buttonId === KEEP_OPEN_ID) return { kind: "keep-open" };
    const quoted = await quotedRequest(quotedMessageId);
    const question = gate.questionOf(quotedMessageId ?? "");
    // In reply to a request these are words about it, and while a question waits they may be its answer.
    const isAsked = () => gate.waiting().some(({ call }) => isQuestion(call));
    if (buttonId === undefined && quotedMessageId === undefined && isKeepOpen(text) && !isAsked())
      return { kind: "keep-open" };
    const command = buttonId === undefined ? parsePhoneCommand(text) : undefined;
    // Also in reply to a request: it takes back, and must never be read as words for a denial.
    if (command?.kind === "revoke" && question === undefined) return { kind: "command", command };
    const more = buttonId ?? question ?? parseMore(text, quoted);
    if (typeof more === "object") return { kind: "command", command: more };
    const about = buttonId === undefined ? addressed?.of(quotedMessageId ?? "") : undefined;
    const several =
      buttonId === undefined && question === undefined ? severalOf(text, quoted, about) : undefined;
    if (several !== undefined) return several;
    const reply = parseReply({ text, buttonId, quoted, question, titled: verbOfTitle(text) });
    if (reply.kind === "answer" && "text" in reply.said) {
      if (isPanic(reply.said.text)) return { kind: "command", command: { kind: "panic" } };
      if (namesAnother(reply.said.text, reply.id)) return { kind: "unclear" };
    }
    // "check the tests", "no tests yet": five letters are an id only where such a request waits.
    const isMeant = about === undefined || isWaiting(reply);
    if (reply.kind !== "unclear" && isMeant) return { kind: "decide", reply };
    // "Kill it", "kill tests" are words to whoever takes them; "kill s3" is not.
    const isNoTask = command?.kind === "kill" && /^(?!s\d+$|sess_)./.test(command.name ?? "");
    if (about !== undefined && (command === undefined || isNoTask)) return { kind: "addressed", about };
    if (command === undefined || quoted !== undefined) {
      const isForgotten = quotedMessageId !== undefined && quoted === undefined;
      return { kind: "unclear", quoted, ...(isForgotten ? { isForgotten } : {}) };
    }
    // In reply to a task's message, KILL is meant for that one.
    const isBare = command.kind === "kill" && command.name === undefined && about?.kind === "task";
    return { kind: "command", command: isBare ? { kind: "kill", name: about.subject } : command };
  };
}
