// What a reply from a phone sets in motion: who may speak, what it means, and the one confirmation it gets.
// Knows no channel: a webhook, a poller or a test hands it the reply once the sender has been verified.

import { phoneText } from "../domain/names.ts";
import type { Notice } from "../domain/notice.ts";
import { isQuestion } from "../domain/question.ts";
import { wantedBy } from "../domain/reply.ts";
import type { SettledRequest } from "../domain/settled-request.ts";
import type { ApprovalId, Phone } from "../domain/tool-call.ts";
import type { Approvers } from "./approvers.ts";
import type { Gate } from "./gate-contract.ts";
import type { Inbound } from "./inbound.ts";
import { createLaterClosings } from "./later-closings.ts";
import type { PhoneCommandRunner } from "./phone-commands.ts";
import type { Clock } from "./ports/clock.ts";
import type { ContactStore } from "./ports/contact-store.ts";
import type { Log } from "./ports/log.ts";
import type { Messenger } from "./ports/messenger.ts";
import { type DecidingReply, type Intent, isDenial, type ReadIntent } from "./reply-intent.ts";
import { replyNotice } from "./reply-notice.ts";
import type { ReplyProof } from "./reply-proof.ts";
import { waitAtMost } from "./timing.ts";

/** At most one help text a minute for each phone while nothing waits: every message costs. */
const HELP_INTERVAL_MS = 60_000;

export interface ReplyHandler {
  /** Tells the phones of a request that was overtaken while its message was there. */
  ended(ended: SettledRequest): void;
  /**
   * Resolves when a decision has been settled, or when the channel is being asked whether the reply is genuine: that and
   * the confirmation go on by themselves. Never rejects.
   */
  receive(inbound: Inbound): Promise<void>;
  /** Resolves when nothing is under way, or after `limitMs`; what is still being checked is then given up. */
  idle(limitMs: number): Promise<void>;
}

export interface ReplyHandlerDeps {
  readonly gate: Gate;
  readonly store: ContactStore;
  readonly messenger: Messenger;
  readonly clock: Clock;
  readonly log: Log;
  readonly approvers: Approvers;
  readonly readIntent: ReadIntent;
  readonly proof: ReplyProof;
  /** Carries out a command and returns its answer. */
  readonly run: PhoneCommandRunner;
}

export function createReplyHandler(deps: ReplyHandlerDeps): ReplyHandler {
  const { gate, store, messenger, clock, log, approvers, readIntent, proof, run } = deps;
  const helpedAt = new Map<Phone, number>();
  const alarmedAt = new Map<Phone, number>();
  const underWay = new Set<Promise<void>>();
  const later = createLaterClosings();

  function track(work: Promise<void>, problem: string): void {
    const tracked = work
      .catch((error: unknown) => log.warn({ err: error }, problem))
      .finally(() => underWay.delete(tracked));
    underWay.add(tracked);
  }

  function tell(to: Phone, notice: Promise<Notice> | Notice): void {
    const sent = Promise.resolve(notice).then((known) => messenger.tell(to, known));
    track(sent, "a confirmation could not be sent");
  }

  /** Always while something waits; else now and then. */
  function tellIfNew(times: Map<Phone, number>, to: Phone, notice: Notice): void {
    const now = clock.elapsed();
    const isOften = now - (times.get(to) ?? Number.NEGATIVE_INFINITY) < HELP_INTERVAL_MS;
    if (isOften && gate.waiting().length === 0) return;
    times.set(to, now);
    tell(to, notice);
  }

  /** Nothing changed. While something waits that is always said, with the ids; else now and then, with a help. */
  function unclear(to: Phone, text: string, quoted?: ApprovalId): void {
    const waiting = gate.waiting();
    const meant = waiting.filter(({ id }) => id === quoted);
    const requests = (meant.length > 0 ? meant : waiting).map(({ id, call }) => ({
      id,
      isQuestion: isQuestion(call),
    }));
    const wanted = wantedBy(text);
    const notice: Notice =
      requests.length === 0 ? { kind: "unclear" } : { kind: "unclear-waiting", requests, wanted };
    tellIfNew(helpedAt, to, notice);
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

  async function decide(
    from: Phone,
    { id, ...reply }: DecidingReply,
    text: string,
    at: number,
  ): Promise<void> {
    const when = reply.kind === "answer" ? { at } : {};
    const result = await gate.resolve(id, { ...reply, ...when, by: from });
    // Five letters and more words need not be an answer: "could you wait".
    const isNoAnswer = result.kind === "no-question" || result.kind === "unknown";
    if (reply.kind === "answer" && isNoAnswer) return unclear(from, text);
    const notice = replyNotice(id, result, clock.now());
    if (notice !== undefined) tell(from, notice);
    const others = approvers.phones.filter((approver) => approver !== from);
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

  async function carryOut(intent: Intent, from: Phone, text: string, at: number): Promise<void> {
    later.carriedOut(intent);
    switch (intent.kind) {
      case "decide":
        return decide(from, intent.reply, text, at);
      case "command":
        // Not awaited: its messages keep the sender's pace, and its answer comes after them.
        if (intent.command.kind === "more") return tell(from, run(intent.command, from, at));
        return tell(from, await run(intent.command, from, at));
      case "edited":
        return tellIfNew(helpedAt, from, { kind: "edited" });
      case "unclear":
        return unclear(from, text, intent.quoted);
    }
  }

  async function proveFirst(intent: Intent, from: Phone, inbound: Inbound, at: number): Promise<void> {
    const proven = later.watch(intent);
    const verdict = await proof.prove(inbound, from, intent);
    const id = intent.kind === "decide" ? intent.reply.id : undefined;
    if (verdict === "genuine") await carryOut(proven(), from, inbound.text, at);
    if (verdict === "unchecked") tell(from, { kind: "unchecked", id });
    if (verdict === "false") tellIfNew(alarmedAt, from, { kind: "forged", id });
  }

  return {
    async receive(inbound) {
      const from = approvers.find(inbound.from);
      if (from === undefined) {
        log.refused(
          { from: phoneText(inbound.from), advice: approvers.adviceFor(inbound.from) },
          "refused: a reply from a number that may not approve",
        );
        return;
      }
      if (inbound.gesture === "reaction") return log.info({ inbound: inbound.id }, "ignored: a reaction");
      const earlier = await proof.compare(inbound, from);
      if (earlier === "alarming clash") tellIfNew(alarmedAt, from, { kind: "clash" });
      const clashes = earlier === "clash" || earlier === "alarming clash";
      if ((await isRepeat(inbound)) && !clashes) {
        return log.info({ inbound: inbound.id }, "ignored: this reply came in before");
      }
      const at = inbound.at ?? clock.now();
      await noteContact(from, at, inbound.joined ?? false);
      const intent = await readIntent(inbound);
      // Of two that came under one id, one is forged; whichever it is, a denial does no harm.
      if (clashes && !isDenial(intent)) return;
      if (!proof.isNeeded(inbound, intent)) return carryOut(intent, from, inbound.text, at);
      track(proveFirst(intent, from, inbound, at), "a reply that was checked could not be carried out");
    },
    ended({ request, outcome, delivery }) {
      if (outcome.status !== "cancelled" || delivery === "sending") return;
      if (outcome.cause !== "terminal" && outcome.cause !== "withdrawn") return;
      for (const approver of approvers.phones) {
        tell(approver, { kind: "overtaken", id: request.id, cause: outcome.cause });
      }
    },
    async idle(limitMs) {
      await waitAtMost(limitMs, Promise.all(underWay), clock);
      proof.stop();
    },
  };
}
