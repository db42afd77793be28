// The "got it" of a tap: until a tap is answered, the button looks as if it were still at work. Says only what is so.
import type { Clock } from "../../../core/ports/clock.ts";
import type { Log } from "../../../core/ports/log.ts";
import { waitAtMost } from "../../../core/timing.ts";
import type { TelegramApi } from "../api/client.ts";
import { logFailure } from "../send/send-call.ts";

/** What a tap may wait for. ms */
const WAIT_MS = 2_500;

/** At most 200 characters. */
const NOT_COUNTED = "This button does not count. Type APPROVE or DENY and the request's id instead.";

export interface CallbackAnswers {
  /**
   * Sends it and waits for nothing. Never throws.
   * @param kept resolves once the tap is written down; absent where it does not count, which is said
   */
  answer(callback: string, kept?: Promise<void>): void;
  /** Resolves once none is under way. */
  idle(): Promise<void>;
}

export function createCallbackAnswers(api: TelegramApi, clock: Clock, log: Log): CallbackAnswers {
  const underWay = new Set<Promise<unknown>>();

  async function send(callback: string, kept: Promise<void> | undefined): Promise<void> {
    let text = kept === undefined ? NOT_COUNTED : "";
    const written = kept?.then(
      () => {
        text = "Received";
      },
      () => {
        text = "It could not be written down yet: it is tried again";
      },
    );
    if (written !== undefined) await waitAtMost(WAIT_MS, written, clock);
    // One that comes after some minutes is refused, which harms nobody.
    await api.call("answerCallbackQuery", {
      callback_query_id: callback,
      ...(text === "" ? {} : { text }),
      // To be closed by hand: nothing else tells of it.
      ...(kept === undefined ? { show_alert: true } : {}),
    });
  }

  return {
    answer(callback, kept) {
      const work = send(callback, kept)
        .catch(logFailure(log, "a tap's sign was not taken"))
        .finally(() => underWay.delete(work));
      underWay.add(work);
    },
    async idle() {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
  };
}
