// Sends what a waiting request needs answered, the request itself or its questions one after another, and says what a
// person's answer makes of it. The only requests that it ends itself are those that cannot be sent.

import type { Outcome } from "../domain/approval.ts";
import type { ApproverAction } from "../domain/approver-action.ts";
import type { PendingRequest } from "./pending-request.ts";
import type { Clock } from "./ports/clock.ts";
import type { Log } from "./ports/log.ts";
import type { Messenger } from "./ports/messenger.ts";
import { type ActionResult, createQuestionFlow } from "./question-flow.ts";
import type { Receipts } from "./receipts.ts";
import { undeliverable } from "./undeliverable.ts";

export interface RequestNotifierDeps {
  readonly messenger: Messenger;
  readonly receipts: Receipts;
  readonly clock: Clock;
  readonly log: Log;
  /** How much of it its message shows is known, and nothing of it was sent yet. */
  readonly onRendered: (pending: PendingRequest) => void;
  /** Nobody can be asked. */
  readonly onHopeless: (pending: PendingRequest, outcome: Outcome) => Promise<unknown>;
}

export interface RequestNotifier {
  /** Never rejects. Not to be awaited by a deadline: a send may hang. */
  send(pending: PendingRequest): Promise<void>;
  /** After an answer that is not the last one, the next question is on its way. */
  apply(pending: PendingRequest, action: ApproverAction): ActionResult;
}

export function createRequestNotifier({
  messenger,
  receipts,
  clock,
  log,
  onRendered,
  onHopeless,
}: RequestNotifierDeps): RequestNotifier {
  const questions = createQuestionFlow(clock);

  async function send(pending: PendingRequest): Promise<void> {
    let signal = pending.ended;
    try {
      const round = questions.round(pending);
      signal = round.signal;
      const sent = await messenger.ask(pending.request, {
        ...round,
        leftMs: pending.leftMs,
        onRendered: ({ offersSession, hidden }) => {
          pending.offersSession = offersSession;
          pending.hidden = hidden;
          onRendered(pending);
        },
        onSent: (message) => {
          receipts.accepted(pending, message);
          questions.shown(pending, message);
        },
        onHopeless: (error) => void onHopeless(pending, undeliverable(error)),
      });
      if (!signal.aborted) receipts.sent(pending, sent);
    } catch (error) {
      if (signal.aborted) return;
      log.error({ id: pending.request.id, err: error }, "the request could not be sent");
      await onHopeless(pending, undeliverable(error));
    }
  }

  return {
    send,
    apply(pending, action) {
      const result = questions.apply(pending, action);
      if (result.kind === "pending" && result.result.kind === "next") {
        receipts.restart(pending);
        return { kind: "pending", result: { ...result.result, asked: send(pending) } };
      }
      return result;
    },
  };
}
