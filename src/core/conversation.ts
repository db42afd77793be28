// What a reply from a phone sets in motion: who may speak, what it means, and the one confirmation it gets.
// Knows no channel: a webhook, a poller or a test hands it the reply once the sender has been verified.
import type { ApprovalId, Phone, Verdict } from "../domain/approval.ts";
import { decidedText, failedText, HELP_TEXT, staleText, unknownText } from "../domain/confirmation.ts";
import { parseReply, type Reply } from "../domain/reply.ts";
import type { Gate, Resolution } from "./gate.ts";
import type { ApprovalStore, Clock, Log, Messenger } from "./ports.ts";
import { within } from "./within.ts";

/** At most one help text a minute for each phone: every message costs. */
const HELP_INTERVAL_MS = 60_000;

/** An inbound message whose origin has been verified. */
export interface Inbound {
  /** The channel's id of the message; a repeat is ignored. */
  readonly id: string;
  readonly from: string;
  readonly text: string;
  readonly buttonId?: string;
  readonly quotedMessageId?: string;
}

export interface Conversation {
  /** Resolves when a decision has been settled; the confirmation goes out afterwards by itself. Never rejects. */
  receive(inbound: Inbound): Promise<void>;
  /** Resolves when no confirmation is under way, or after `limitMs`. */
  idle(limitMs: number): Promise<void>;
}

export interface ConversationDeps {
  readonly gate: Gate;
  readonly store: ApprovalStore;
  readonly messenger: Messenger;
  readonly clock: Clock;
  readonly log: Log;
  readonly approvers: readonly Phone[];
}

export function createConversation(deps: ConversationDeps): Conversation {
  const { gate, store, messenger, clock, log, approvers } = deps;
  const helpedAt = new Map<Phone, number>();
  const underWay = new Set<Promise<void>>();

  function tell(to: Phone, text: Promise<string> | string): void {
    const work = Promise.resolve(text)
      .then((body) => messenger.tell(to, body))
      .catch((error: unknown) => log.warn({ err: error }, "a confirmation could not be sent"))
      .finally(() => underWay.delete(work));
    underWay.add(work);
  }

  function help(to: Phone): void {
    const now = clock.now();
    if (now - (helpedAt.get(to) ?? Number.NEGATIVE_INFINITY) < HELP_INTERVAL_MS) return;
    helpedAt.set(to, now);
    tell(to, HELP_TEXT);
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
    const approval = await store.findByMessage(messageId).catch(() => undefined);
    return approval?.id;
  }

  async function decide(from: Phone, reply: Extract<Reply, { kind: "approve" | "deny" }>): Promise<void> {
    const verdict: Verdict =
      reply.kind === "approve"
        ? { status: "approved", by: from }
        : { status: "denied", by: from, ...(reply.reason === undefined ? {} : { reason: reply.reason }) };
    const resolution = await gate.resolve(reply.id, verdict);
    tell(from, confirmation(reply.id, verdict, resolution));
  }

  async function confirmation(id: ApprovalId, verdict: Verdict, resolution: Resolution): Promise<string> {
    switch (resolution.kind) {
      case "decided":
        return decidedText(id, verdict, await resolution.answered);
      case "stale":
        return staleText(resolution.approval, clock.now());
      case "unknown":
        return unknownText(id);
      case "failed":
        return failedText(id);
    }
  }

  return {
    async receive(inbound) {
      const from = approvers.find((approver) => approver === inbound.from);
      if (from === undefined) {
        log.warn({ from: lastDigits(inbound.from) }, "refused: a reply from a number that may not approve");
        return;
      }
      if (await isRepeat(inbound)) {
        log.info({ inbound: inbound.id }, "ignored: this reply came in before");
        return;
      }
      const quoted = await quotedRequest(inbound.quotedMessageId);
      const reply = parseReply({
        text: inbound.text,
        ...(inbound.buttonId === undefined ? {} : { buttonId: inbound.buttonId }),
        ...(quoted === undefined ? {} : { quoted }),
      });
      if (reply.kind === "approve" || reply.kind === "deny") await decide(from, reply);
      else help(from);
    },
    idle: (limitMs) => within(Promise.all(underWay), limitMs, clock),
  };
}

/** Enough of a number to recognise it in a log, not enough to leak it. */
function lastDigits(phone: string): string {
  return `…${phone.replace(/\D/g, "").slice(-4)}`;
}
