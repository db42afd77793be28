// What is counted of a server, and where each count is taken: from the journal of its requests, and around what sends and what
// receives. Nothing here changes what it watches.
import { AsyncLocalStorage } from "node:async_hooks";
import type { Outbound } from "../../channels/twilio/send/outbound.ts";
import type { Gate } from "../../core/gate-contract.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { Journal } from "../../core/ports/journal.ts";
import type { Messenger } from "../../core/ports/messenger.ts";
import type { PartSender } from "../../core/ports/part-sender.ts";
import type { ReplyHandler } from "../../core/reply-contract.ts";
import type { Outcome } from "../../domain/approval.ts";
import { DeliveryError } from "../../domain/errors.ts";
import type { ApprovalId } from "../../domain/tool-call.ts";
import { createInstruments, type LiveCounts } from "./instruments.ts";
import { codeLabel } from "./labels.ts";
import { metricsRoute } from "./route.ts";

/** What a message is for. */
type MessageKind = "request" | "question" | "more" | "news" | "notice";

/**
 * Which kind of message is being sent, and when the reply came in that is being carried out, by `elapsed`. One of each for the
 * process: Node 20 visits every storage that was ever used at every promise, so one a server would slow the tests' many servers.
 */
const kinds = new AsyncLocalStorage<MessageKind>();
const arrivals = new AsyncLocalStorage<number>();

export interface Metrics {
  readonly journal: Journal;
  /** Answers `GET /metrics`. */
  readonly router: ReturnType<typeof metricsRoute>;
  watchOutbound(outbound: Outbound): Outbound;
  watchMessenger(messenger: Messenger & PartSender): Messenger & PartSender;
  /** Counts what its receipts say of messages that were lost. */
  watchReceipts(gate: Gate): Gate;
  /** Notes when a reply comes in. */
  watchReplies(handler: ReplyHandler): ReplyHandler;
}

/** @param live asked at each scrape, never before the server has started */
export function createMetrics(live: LiveCounts, clock: Clock): Metrics {
  const instruments = createInstruments(live);
  const { requests, decision, tapToAnswer, send, messages, errors } = instruments;
  /** Requests that a reply has decided, until their callers have the answer. */
  const decided = new Map<ApprovalId, number>();

  const journal: Journal = {
    asked() {},
    ended({ request: { id, door }, outcome, tookMs }) {
      requests.inc({ outcome: outcome.status, door });
      if (!isPersons(outcome)) return;
      decision.observe(tookMs / 1000);
      const arrivedAt = arrivals.getStore();
      if (arrivedAt !== undefined) decided.set(id, arrivedAt);
    },
    answered(id, taken) {
      const arrivedAt = decided.get(id);
      decided.delete(id);
      if (taken && arrivedAt !== undefined) tapToAnswer.observe((clock.elapsed() - arrivedAt) / 1000);
    },
    turnedAway({ request: { door }, outcome }) {
      requests.inc({ outcome: outcome.status, door });
    },
  };

  return {
    journal,
    router: metricsRoute(instruments.registry),
    watchOutbound: (outbound) => ({
      ...outbound,
      async send(message) {
        const kind = kinds.getStore() ?? "notice";
        const startedAt = clock.elapsed();
        try {
          const sid = await outbound.send(message);
          messages.inc({ kind });
          send.observe({ kind }, (clock.elapsed() - startedAt) / 1000);
          return sid;
        } catch (error) {
          // What was dropped because nobody waits any longer is no error.
          if (error instanceof DeliveryError) errors.inc({ code: codeLabel(error.code) });
          throw error;
        }
      },
    }),
    watchMessenger: (messenger) => ({
      ...messenger,
      ask: (request, options) =>
        kinds.run(options.question === undefined ? "request" : "question", () =>
          messenger.ask(request, options),
        ),
      more: (request, options) => kinds.run("more", () => messenger.more(request, options)),
      tell: (to, notice) =>
        kinds.run(notice.kind === "news" ? "news" : "notice", () => messenger.tell(to, notice)),
    }),
    watchReceipts: (gate) => ({
      ...gate,
      receipt(receipt) {
        const { state, failure } = receipt;
        if (state === "failed" && failure?.channel === undefined)
          errors.inc({ code: codeLabel(failure?.code) });
        return gate.receipt(receipt);
      },
    }),
    watchReplies: (handler) => ({
      ...handler,
      receive: (inbound) => arrivals.run(clock.elapsed(), () => handler.receive(inbound)),
    }),
  };
}

function isPersons(outcome: Outcome): boolean {
  if (outcome.status === "denied") return true;
  return outcome.status === "approved" && outcome.by !== "policy" && outcome.by !== "grant";
}
