// What a reply from a phone sets in motion: who may speak, what it means, and the one confirmation it gets.
// Knows no channel: a webhook, a poller or a test hands it the reply once the sender has been verified.

import { phoneText } from "../domain/names.ts";
import type { Notice } from "../domain/notice.ts";
import { isPanic, parseMore, parsePhoneCommand } from "../domain/phone-command.ts";
import { parseReply, type Reply } from "../domain/reply.ts";
import type { SettledRequest } from "../domain/settled-request.ts";
import type { ApprovalId, Phone } from "../domain/tool-call.ts";
import type { Gate } from "./gate-contract.ts";
import type { PhoneCommandRunner } from "./phone-commands.ts";
import type { Clock } from "./ports/clock.ts";
import type { ContactStore } from "./ports/contact-store.ts";
import type { Log } from "./ports/log.ts";
import type { MessageStore } from "./ports/message-store.ts";
import type { Messenger } from "./ports/messenger.ts";
import { replyNotice } from "./reply-notice.ts";
import { waitAtMost } from "./timing.ts";

/** At most one help text a minute for each phone: every message costs. */
const HELP_INTERVAL_MS = 60_000;

/** An inbound message whose origin has been verified. */
export interface Inbound {
  /** The channel's id of the message; a repeat is ignored. */
  readonly id: string;
  readonly from: string;
  readonly text: string;
  readonly buttonId?: string | undefined;
  readonly quotedMessageId?: string | undefined;
  /** When it was sent, epoch ms; the present time where the channel delivers at once. */
  readonly at?: number | undefined;
  /** Whether the phone joined the channel's test environment with it, which holds for a time. */
  readonly joined?: boolean | undefined;
}

export interface ReplyHandler {
  /** Tells the phones of a request that was overtaken while its message was there. */
  ended(ended: SettledRequest): void;
  /** Resolves when a decision has been settled; the confirmation goes out afterwards by itself. Never rejects. */
  receive(inbound: Inbound): Promise<void>;
  /** Resolves when no confirmation is under way, or after `limitMs`. */
  idle(limitMs: number): Promise<void>;
}

export interface ReplyHandlerDeps {
  readonly gate: Gate;
  readonly store: MessageStore & ContactStore;
  readonly messenger: Messenger;
  readonly clock: Clock;
  readonly log: Log;
  readonly approvers: readonly Phone[];
  /** Carries out a command and returns its answer. */
  readonly run: PhoneCommandRunner;
}

export function createReplyHandler(deps: ReplyHandlerDeps): ReplyHandler {
  const { gate, store, messenger, clock, log, approvers, run } = deps;
  const helpedAt = new Map<Phone, number>();
  const underWay = new Set<Promise<void>>();

  function tell(to: Phone, notice: Promise<Notice> | Notice): void {
    const work = Promise.resolve(notice)
      .then((known) => messenger.tell(to, known))
      .catch((error: unknown) => log.warn({ err: error }, "a confirmation could not be sent"))
      .finally(() => underWay.delete(work));
    underWay.add(work);
  }

  function help(to: Phone): void {
    const now = clock.now();
    if (now - (helpedAt.get(to) ?? Number.NEGATIVE_INFINITY) < HELP_INTERVAL_MS) return;
    helpedAt.set(to, now);
    tell(to, { kind: "unclear" });
  }

  async function noteContact(from: Phone, at: number, joined: boolean): Promise<void> {
    await store.recordContact(from, at, joined).catch((error: unknown) => {
      log.error({ err: error }, "the time of an inbound message could not be recorded");
    });
  }

  // A full disk must not keep a denial from being heard; the decision itself is idempotent.
  async function isRepeat(inbound: Inbound): Promise<boolean> {
    try {
      return !(await store.firstSeen(inbound.id, clock.now()));
    } catch (error) {
      log.error({ err: error }, "an inbound message could not be recorded");
      return false;
    }
  }

  async function quotedRequest(messageId: string | undefined): Promise<ApprovalId | undefined> {
    if (messageId === undefined) return undefined;
    const waiting = gate.requestOf(messageId);
    if (waiting !== undefined) return waiting;
    // The record may only lead to what has ended: whoever can write to it must not redirect a yes.
    const approval = await store.findByMessage(messageId).catch(() => undefined);
    return gate.waiting().some(({ id }) => id === approval?.id) ? undefined : approval?.id;
  }

  async function decide(from: Phone, answer: Exclude<Reply, { kind: "unclear" }>, at: number): Promise<void> {
    const { id, ...reply } = answer;
    const when = reply.kind === "answer" ? { at } : {};
    const result = await gate.resolve(id, { ...reply, ...when, by: from });
    // Five letters and more words need not be an answer: "could you wait".
    const isNoAnswer = result.kind === "no-question" || result.kind === "unknown";
    if (reply.kind === "answer" && isNoAnswer) return help(from);
    const notice = replyNotice(id, result, clock.now());
    if (notice !== undefined) tell(from, notice);
    const others = approvers.filter((approver) => approver !== from);
    if (result.kind === "next") {
      const { place } = result;
      for (const other of others) tell(other, { kind: "question-answered", id, place, by: from });
    }
    if (result.kind !== "decided" || notice === undefined) return;
    for (const other of others)
      tell(
        other,
        Promise.resolve(notice).then((each) => ({ ...each, by: from })),
      );
  }

  /** "yes kqmwb" as the answer to a question, while kqmwb waits: which one is meant is not certain. */
  function namesAnother(text: string, asked: ApprovalId): boolean {
    const words = text.toLowerCase().split(/[^a-z]+/);
    return gate.waiting().some(({ id }) => id !== asked && words.includes(id));
  }

  return {
    async receive(inbound) {
      const from = approvers.find((approver) => approver === inbound.from);
      if (from === undefined) {
        log.warn({ from: phoneText(inbound.from) }, "refused: a reply from a number that may not approve");
        return;
      }
      if (await isRepeat(inbound)) {
        log.info({ inbound: inbound.id }, "ignored: this reply came in before");
        return;
      }
      const at = inbound.at ?? clock.now();
      await noteContact(from, at, inbound.joined ?? false);
      if (inbound.buttonId === undefined && isPanic(inbound.text)) {
        tell(from, await run({ kind: "panic" }, from, at));
        return;
      }
      const quoted = await quotedRequest(inbound.quotedMessageId);
      const question = gate.questionOf(inbound.quotedMessageId ?? "");
      const more = inbound.buttonId ?? question ?? parseMore(inbound.text, quoted);
      // Not awaited: its messages keep the sender's pace, and its answer comes after them.
      if (typeof more === "object") return tell(from, run(more, from, at));
      const reply = parseReply({
        text: inbound.text,
        buttonId: inbound.buttonId,
        quoted,
        question,
      });
      if (reply.kind === "answer" && "text" in reply.said) {
        if (isPanic(reply.said.text)) return tell(from, await run({ kind: "panic" }, from, at));
        if (namesAnother(reply.said.text, reply.id)) return help(from);
      }
      if (reply.kind !== "unclear") return decide(from, reply, at);
      const command =
        quoted === undefined && inbound.buttonId === undefined ? parsePhoneCommand(inbound.text) : undefined;
      if (command === undefined) help(from);
      else tell(from, await run(command, from, at));
    },
    ended({ request, outcome, delivery }) {
      if (outcome.status !== "cancelled" || delivery === "sending") return;
      if (outcome.cause !== "terminal" && outcome.cause !== "withdrawn") return;
      for (const approver of approvers) {
        tell(approver, { kind: "overtaken", id: request.id, cause: outcome.cause });
      }
    },
    idle: (limitMs) => waitAtMost(limitMs, Promise.all(underWay), clock),
  };
}
