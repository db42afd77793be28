// Sends what a waiting request needs answered, the request itself or its questions one after another, and says what a
// person's verdict makes of it. Ends nothing by itself but what cannot be sent.
import type { Outcome, Verdict } from "../domain/approval.ts";
import type { Clock, Log, Messenger, SentMessage } from "./ports.ts";
import { createQuestioning, type Judgement } from "./questioning.ts";
import type { Receipts } from "./receipts.ts";
import { undeliverable } from "./undeliverable.ts";
import type { Wait } from "./wait.ts";

export interface AskingDeps {
  readonly messenger: Messenger;
  readonly receipts: Receipts;
  readonly clock: Clock;
  readonly log: Log;
  /** Nobody can be asked. */
  readonly onHopeless: (wait: Wait, outcome: Outcome) => Promise<unknown>;
}

export interface Asking {
  /** Never rejects. Not to be awaited by a deadline: a send may hang. */
  send(wait: Wait): Promise<void>;
  /** After an answer that is not the last one, the next question is on its way. */
  judge(wait: Wait, verdict: Verdict): Judgement;
}

export function createAsking({ messenger, receipts, clock, log, onHopeless }: AskingDeps): Asking {
  const questions = createQuestioning(clock);

  async function send(wait: Wait): Promise<void> {
    let signal = wait.ended;
    try {
      const round = questions.round(wait);
      signal = round.signal;
      const onSent = (message: SentMessage) => {
        receipts.accepted(wait, message);
        questions.shown(wait, message);
      };
      const sent = await messenger.ask(wait.request, signal, onSent, round.question);
      if (!signal.aborted) receipts.sent(wait, sent);
    } catch (error) {
      if (signal.aborted) return;
      log.error({ id: wait.request.id, err: error }, "the request could not be sent");
      await onHopeless(wait, undeliverable(error));
    }
  }

  return {
    send,
    judge(wait, verdict) {
      const judgement = questions.judge(wait, verdict);
      if (judgement.kind === "stays" && judgement.resolution.kind === "next") {
        receipts.restart(wait);
        void send(wait);
      }
      return judgement;
    },
  };
}
